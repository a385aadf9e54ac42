import type { JsonObject } from "@kubeferry/model";

/** An object as it is put into etcd: below "/registry/", with all but uid and creationTimestamp. */
export interface Planted {
  readonly path: string;
  readonly object: JsonObject;
}

/** One object by the path that it has in etcd; its last part is the name, and the one before it the namespace "shop". */
export function planted(
  path: string,
  apiVersion: string,
  kind: string,
  body: JsonObject = {},
  metadata: JsonObject = {},
): Planted {
  const parts = path.split("/");
  const place = parts.at(-2) === "shop" ? { namespace: "shop" } : {};
  return { path, object: { apiVersion, kind, metadata: { name: parts.at(-1) ?? "", ...place, ...metadata }, ...body } };
}

/** Labels of what belongs to the shop. */
export const LABELS = { app: "web", "app.kubernetes.io/part-of": "shop" };
/** One of each operator that a selector has. */
export const EXPRESSIONS = [
  { key: "tier", operator: "In", values: ["front", "back"] },
  { key: "old", operator: "DoesNotExist" },
  { key: "app.kubernetes.io/part-of", operator: "Exists" },
  { key: "zone", operator: "NotIn", values: ["b"] },
];
/** A selector of both parts. */
export const SELECTOR = {
  matchLabels: { app: "web", "app.kubernetes.io/part-of": "shop" },
  matchExpressions: EXPRESSIONS,
};
/** A Pod template of two containers. */
export const TEMPLATE = {
  metadata: { labels: LABELS },
  spec: {
    containers: [
      { name: "web", image: "nginx:1.29" },
      { name: "proxy", image: "envoy@sha256:aa" },
    ],
  },
};
/** Metadata of an object on its way out. */
export const DELETED = { deletionTimestamp: "2025-06-01T00:00:00Z", finalizers: ["a.example/b"] };
/** A condition as status has it. */
export const condition = (type: string, status = "True"): JsonObject => ({ type, status });
