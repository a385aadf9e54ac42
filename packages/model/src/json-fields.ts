import { isJsonObject, type JsonObject, type JsonValue } from "./json.ts";

/** The value at the end of a path of keys; undefined where the way breaks off. Looks at own keys only. */
export function at(value: JsonValue | undefined, ...path: readonly string[]): JsonValue | undefined {
  let found = value;
  for (const key of path) {
    if (!isJsonObject(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found;
}

/** The text at the end of a path; undefined when there is none, or something else. */
export function textAt(value: JsonValue | undefined, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" ? found : undefined;
}

/** The objects in the list at the end of a path; none when there is no list. */
export function objectsAt(value: JsonValue | undefined, ...path: readonly string[]): readonly JsonObject[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isJsonObject) : [];
}

/** The keys of the map at the end of a path, in its order. */
export function keysAt(value: JsonValue | undefined, ...path: readonly string[]): readonly string[] {
  const found = at(value, ...path);
  return isJsonObject(found) ? Object.keys(found) : [];
}

/** A label of the object. */
export function labelOf(object: JsonObject, name: string): string | undefined {
  return textAt(object, "metadata", "labels", name);
}

/** An annotation of the object. */
export function annotationOf(object: JsonObject, name: string): string | undefined {
  return textAt(object, "metadata", "annotations", name);
}
