import { type CatalogEntry, contentIn } from "../catalog.ts";

/** Above this many objects kustomize takes seconds for each overlay. */
const WARN_ABOVE_OBJECTS = 2_000;

/** The objects of the largest overlay that a folder's objects make. */
export function largestOverlay(
  entries: readonly CatalogEntry[],
  environments: readonly { readonly name: string; readonly source: string }[],
): number {
  const sizes = environments.map((each) => entries.filter((entry) => contentIn(entry, each) !== undefined).length);
  return Math.max(0, ...sizes);
}

/**
 * What the size of a folder's largest overlay asks for.
 * @param maxObjects what an overlay may hold
 */
export function judgeSize(objects: number, maxObjects: number): "fine" | "warn" | "leave-out" {
  if (objects > maxObjects) return "leave-out";
  return objects > WARN_ABOVE_OBJECTS ? "warn" : "fine";
}
