import { emitJson } from "@kubeferry/clean";
import { isJsonObject, type JsonObject } from "@kubeferry/model";

/** Whether two states of one object say the same; notes about who wrote it when do not count. */
export function sameContent(one: JsonObject, other: JsonObject): boolean {
  return contentOf(one) === contentOf(other);
}

function contentOf(object: JsonObject): string {
  const { managedFields: _, ...metadata } = metadataOf(object);
  return emitJson({ ...object, metadata });
}

/** An object's metadata; empty where it has none. */
export function metadataOf(object: JsonObject): JsonObject {
  const { metadata } = object;
  return isJsonObject(metadata) ? metadata : {};
}
