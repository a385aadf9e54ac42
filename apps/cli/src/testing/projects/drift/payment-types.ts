import type { JsonObject } from "@kubeferry/model";

/** The group of the types below. */
export const PAYMENTS_GROUP = "pay.example.com";

const FREE: JsonObject = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

/** Steps of a pipeline are a map with the key `name` to the API server; everything else is as people write it. */
const STEPS: JsonObject = {
  type: "array",
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": ["name"],
  items: { ...FREE, required: ["name"], properties: { name: { type: "string" } } },
};

/** Definitions of the types that the payments application is made of. */
export const PAYMENT_TYPES: readonly JsonObject[] = [
  definition("Pipeline", { ...FREE, properties: { steps: STEPS } }),
  definition("Route", FREE),
  definition("Ledger", FREE),
  definition("Deployment", FREE),
];

function definition(kind: string, spec: JsonObject): JsonObject {
  const singular = kind.toLowerCase();
  const openAPIV3Schema = { type: "object", properties: { spec } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${singular}s.${PAYMENTS_GROUP}` },
    spec: {
      group: PAYMENTS_GROUP,
      scope: "Namespaced",
      names: { plural: `${singular}s`, singular, kind, listKind: `${kind}List` },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}
