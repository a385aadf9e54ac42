import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";

/** The scalar at a dotted path as text; "" where there is none. */
export function textAt(object: JsonObject, path: string): string {
  const value = path.split(".").reduce<JsonValue | undefined>(memberOf, object);
  return typeof value === "object" || value === undefined ? "" : String(value);
}

function memberOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
