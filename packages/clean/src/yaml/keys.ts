import { compareUtf8, type JsonObject } from "@kubeferry/model";

const SURROGATE = /[\ud800-\udfff]/;

/** YAML parsers look 1,024 characters ahead for the ":" behind a key; a longer one needs "? " in front of it. */
export const MAX_IMPLICIT_KEY = 1000;

/** The keys of an object in the order of their UTF-8 bytes; the engine's own order differs only above U+FFFF. */
export function sortedKeys(object: JsonObject): string[] {
  const keys = Object.keys(object).sort();
  return keys.some((key) => SURROGATE.test(key)) ? keys.sort(compareUtf8) : keys;
}
