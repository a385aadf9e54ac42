import type { JsonObject, JsonValue } from "@kubeferry/model";

/** Sets a key as data, whatever its name: a plain assignment to `__proto__` would change the prototype instead. */
export function setOwn(object: JsonObject, key: string, value: JsonValue): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}
