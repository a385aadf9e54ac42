import type { SegmentRef } from "../manifest.ts";
import { isVersioned, type ObjectVersion } from "../snapshots.ts";
import { versionsDigest } from "../state/state.ts";
import { totalOf } from "./parent-segments.ts";

/**
 * Whether these are the versions that the cuts were made of, no object more or less. Needs no state of the parent: each
 * cut keeps the digest of its versions. Holds the versions of one cut in memory, and stops at the first that differs.
 * @param cuts in key order, each as the segments it became
 * @param versions in key order
 */
export async function sameVersions(
  cuts: readonly (readonly SegmentRef[])[],
  versions: AsyncIterable<ObjectVersion>,
): Promise<boolean> {
  let next = 0;
  let current: ObjectVersion[] = [];
  for await (const version of versions) {
    const cut = cuts[next];
    if (cut === undefined || !isVersioned(version)) return false;
    current.push(version);
    if (current.length < totalOf(cut, ({ objects }) => objects)) continue;
    if (!isCutOf(cut, current)) return false;
    next++;
    current = [];
  }
  return next === cuts.length && current.length === 0;
}

/** An open segment and a sealed one that were one cut keep its digest beside their own. */
function isCutOf(cut: readonly SegmentRef[], versions: readonly ObjectVersion[]): boolean {
  const digest = versionsDigest(versions);
  return cut.every((segment) => (segment.cut ?? segment.versions) === digest);
}
