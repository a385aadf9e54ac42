import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";

/** The value at a path of field names; undefined when one of them is absent. */
export function valueAt(object: JsonValue | undefined, ...path: readonly string[]): JsonValue | undefined {
  let value = object;
  for (const name of path) {
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** The text at a path; "" when there is none, as Go's zero value. */
export function text(object: JsonValue | undefined, ...path: readonly string[]): string {
  const value = valueAt(object, ...path);
  return typeof value === "string" ? value : "";
}

/** The number at a path; 0 when there is none, as Go's zero value. */
export function integer(object: JsonValue | undefined, ...path: readonly string[]): number | bigint {
  const value = valueAt(object, ...path);
  return typeof value === "number" || typeof value === "bigint" ? value : 0;
}

/** Whether a path holds `true`. */
export function isTrue(object: JsonValue | undefined, ...path: readonly string[]): boolean {
  return valueAt(object, ...path) === true;
}

/** The objects of the list at a path; none when there is no list. */
export function objects(object: JsonValue | undefined, ...path: readonly string[]): JsonObject[] {
  const value = valueAt(object, ...path);
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** The texts of the list at a path; none when there is no list. */
export function texts(object: JsonValue | undefined, ...path: readonly string[]): string[] {
  const value = valueAt(object, ...path);
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

/** How many members the list or map at a path has. */
export function sizeAt(object: JsonValue | undefined, ...path: readonly string[]): number {
  const value = valueAt(object, ...path);
  if (Array.isArray(value)) return value.length;
  return isJsonObject(value) ? Object.keys(value).length : 0;
}

/** The condition of a type in `status.conditions`; undefined when it is not reported. */
export function conditionOf(object: JsonValue | undefined, type: string): JsonObject | undefined {
  return objects(object, "status", "conditions").find((condition) => condition.type === type);
}

/** Whether the object is on its way out. */
export function isDeleted(object: JsonObject): boolean {
  return text(object, "metadata", "deletionTimestamp") !== "";
}
