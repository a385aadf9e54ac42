/** A JSON value as Kubernetes means it: integers outside ±(2^53 − 1) are `bigint`, every other number is `number`. */
export type JsonValue = null | boolean | number | bigint | string | JsonArray | JsonObject;
/** A JSON array. */
export type JsonArray = JsonValue[];
/** A JSON object. Keys come from strangers: `__proto__` and `constructor` are ordinary keys. */
export interface JsonObject {
  [key: string]: JsonValue;
}

/** True for a JSON object: not null, not an array. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
