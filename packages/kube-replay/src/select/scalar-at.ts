import { at, type JsonObject } from "@kubeferry/model";

/** The scalar at a dotted path as text, as selectors compare it; "" where there is none. */
export function scalarAt(object: JsonObject, path: string): string {
  const value = at(object, ...path.split("."));
  return typeof value === "object" || value === undefined ? "" : String(value);
}
