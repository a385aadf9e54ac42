import type { JsonObject } from "@kubeferry/model";

const SERVER = { uid: "u", resourceVersion: "1", generation: 1, creationTimestamp: "2026-01-01T00:00:00Z" };

/** An object as an API server returns it: shop/x of the type, with what is given. */
export function live(apiVersion: string, kind: string, more: JsonObject, metadata: JsonObject = {}): JsonObject {
  return { apiVersion, kind, metadata: { name: "x", namespace: "shop", ...SERVER, ...metadata }, ...more };
}

/** The annotation of client-side apply. */
export function applied(object: JsonObject): JsonObject {
  return { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(object) };
}

/** An entry of managedFields. */
export function manager(operation: "Apply" | "Update", fieldsV1: JsonObject, name = "someone"): JsonObject {
  return { manager: name, operation, apiVersion: "v1", fieldsType: "FieldsV1", fieldsV1 };
}
