import { equalJson } from "@kubeferry/clean";
import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";
import { setOwn } from "./set-own.ts";

/** Which fields say what an object is: they are no values. */
const NAMES: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata/name", "metadata/namespace"]);

/** Two states of an object in which "(hidden)" stands for every value that may not be shown. */
export function maskHidden(
  before: JsonObject,
  after: JsonObject,
  isHidden: (path: readonly string[]) => boolean,
): { readonly before: JsonObject; readonly after: JsonObject } {
  const mask = (value: JsonObject, other: JsonObject, word: string) =>
    masked(value, other, { path: [], isHidden, word }) as JsonObject;
  return { before: mask(before, after, "before"), after: mask(after, before, "after") };
}

interface Masking {
  readonly path: readonly string[];
  readonly word: string;
  isHidden(path: readonly string[]): boolean;
}

function masked(value: JsonValue, other: JsonValue | undefined, at: Masking): JsonValue {
  if (isJsonObject(value)) {
    const copy: JsonObject = {};
    for (const [key, item] of Object.entries(value)) {
      const twin = isJsonObject(other) && Object.hasOwn(other, key) ? other[key] : undefined;
      setOwn(copy, key, masked(item, twin, { ...at, path: [...at.path, key] }));
    }
    return copy;
  }
  if (Array.isArray(value)) {
    const twins = Array.isArray(other) ? other : [];
    return value.map((item, index) => masked(item, twins[index], { ...at, path: [...at.path, String(index)] }));
  }
  if (!at.isHidden(at.path) || NAMES.has(at.path.join("/"))) return value;
  return other === undefined || equalJson(value, other) ? "(hidden)" : `(hidden, ${at.word})`;
}
