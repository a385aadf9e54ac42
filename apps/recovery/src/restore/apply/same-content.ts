import { emitJson } from "@kubeferry/clean";
import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";

/** Whether two states of one object say the same; notes about who wrote it when do not count. */
export function sameContent(one: JsonObject, other: JsonObject): boolean {
  return contentOf(one) === contentOf(other);
}

/**
 * Whether a live object says all that is wanted, whatever else it says: applying that again would change nothing. Values
 * that the server writes otherwise (quantities) count as different.
 */
export function says(live: JsonValue | undefined, wanted: JsonValue): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(live) && live.length === wanted.length && wanted.every((item, place) => says(live[place], item))
    );
  }
  if (!isJsonObject(wanted)) return live === wanted;
  return isJsonObject(live) && Object.keys(wanted).every((key) => says(live[key], wanted[key] ?? null));
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
