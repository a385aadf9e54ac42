import { isJsonObject, type JsonObject, type JsonValue, pointerStep } from "@kubeferry/model";

/** The way from an object to a value in it: keys of maps, indexes of lists. The empty path is the object itself. */
export type Path = readonly (string | number)[];

/** A path as JSON Pointer (RFC 6901), as JSON patches and Argo CD write it: "/spec/ports/0/nodePort", "" for the root. */
export function toPointer(path: Path): string {
  let pointer = "";
  for (const step of path) pointer += pointerStep(step);
  return pointer;
}

/** The value of an own key; never what the prototype holds (`constructor` is an ordinary key). */
export function ownValue(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The value at the end of a path, undefined where the way breaks off. */
export function valueAt(root: JsonValue | undefined, path: Path): JsonValue | undefined {
  let value = root;
  for (const step of path) {
    if (typeof step === "number") value = Array.isArray(value) ? value[step] : undefined;
    else value = ownValue(value, step);
  }
  return value;
}

/** Sets a key as data, whatever its name: a plain assignment to `__proto__` would change the prototype instead. */
export function setOwn(object: JsonObject, key: string, value: JsonValue): void {
  if (key === "__proto__")
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  else object[key] = value;
}
