import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";
import { type Path, setOwn } from "./path.ts";

/** What is to be taken out of a value: "all" of it, or parts of what it holds. */
type Cut = "all" | Map<string | number, Cut>;

/** Maps that mean nothing when empty: the API server does not store them so, and kustomize drops one of them. */
const DROPPED_WHEN_EMPTIED: ReadonlySet<string> = new Set(["annotations", "labels"]);

/**
 * Copies an object without the keys and list elements at `paths`. What holds none of them is shared with the input, which stays as it
 * is. A map of annotations or labels that this empties goes too; nothing else does.
 */
export function without(object: JsonObject, paths: readonly Path[]): JsonObject {
  return paths.length === 0 ? object : (copied(object, cutsOf(paths)) as JsonObject);
}

function cutsOf(paths: readonly Path[]): Map<string | number, Cut> {
  const root = new Map<string | number, Cut>();
  for (const path of paths) {
    let level = root;
    for (const [index, step] of path.entries()) {
      const known = level.get(step);
      if (known === "all") break;
      if (index === path.length - 1) level.set(step, "all");
      else {
        const next = known ?? new Map<string | number, Cut>();
        level.set(step, next);
        level = next;
      }
    }
  }
  return root;
}

function copied(value: JsonValue, cuts: Map<string | number, Cut>): JsonValue {
  if (Array.isArray(value)) {
    return value.map((item, index) => cutFrom(item, cuts.get(index))).filter((item) => item !== undefined);
  }
  if (!isJsonObject(value)) return value;
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) {
    const inner = value[key] as JsonValue;
    const kept = cutFrom(inner, cuts.get(key));
    if (kept === undefined || (kept !== inner && isEmptied(key, kept))) continue;
    setOwn(copy, key, kept);
  }
  return copy;
}

/** What is left of a value; undefined when nothing is. */
function cutFrom(value: JsonValue, cut: Cut | undefined): JsonValue | undefined {
  if (cut === undefined) return value;
  return cut === "all" ? undefined : copied(value, cut);
}

function isEmptied(key: string, kept: JsonValue): boolean {
  return DROPPED_WHEN_EMPTIED.has(key) && isJsonObject(kept) && Object.keys(kept).length === 0;
}
