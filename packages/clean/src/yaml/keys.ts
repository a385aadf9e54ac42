import { compareUtf8, type JsonObject } from "@kubeferry/model";

/** YAML parsers look 1,024 characters ahead for the ":" behind a key; a longer one needs "? " in front of it. */
export const MAX_IMPLICIT_KEY = 1000;

/** Up to here sorting by insertion beats the engine's sort, whose call alone costs more; most objects are this small. */
const FEW_KEYS = 24;

/** The keys of an object in the order of their UTF-8 bytes. */
export function sortedKeys(object: JsonObject): string[] {
  const keys = Object.keys(object);
  if (keys.length > FEW_KEYS) keys.sort();
  else sortByInsertion(keys);
  // The engine compares UTF-16 units, which is another order only where there are characters above U+FFFF.
  for (const key of keys) if (isBeyondSurrogates(key)) return keys.sort(compareUtf8);
  return keys;
}

const FIRST_SURROGATE = 0xd800;

function isBeyondSurrogates(key: string): boolean {
  for (let at = 0; at < key.length; at++) if (key.charCodeAt(at) >= FIRST_SURROGATE) return true;
  return false;
}

function sortByInsertion(keys: string[]): void {
  for (let next = 1; next < keys.length; next++) {
    const key = keys[next] as string;
    let at = next;
    for (; at > 0 && (keys[at - 1] as string) > key; at--) keys[at] = keys[at - 1] as string;
    keys[at] = key;
  }
}
