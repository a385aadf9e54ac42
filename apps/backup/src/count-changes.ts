import type { Call, Failure } from "@kubeferry/model";
import { diffSnapshots, type Snapshot } from "@kubeferry/snapshot";
import { failureOf } from "./run-state.ts";

/** How many objects changed since the parent. */
export interface ChangeCounts {
  /** New ones too. */
  readonly changed: number;
  readonly removed: number;
  /** Why the numbers are too small, when they are. */
  readonly failures: readonly Failure[];
}

/**
 * Compares a snapshot with its parent; reads only what differs. The snapshot is committed by now: a parent of which
 * bytes are gone makes the counts a failure in the report, and not the run.
 */
export async function countChanges(
  parent: Snapshot | undefined,
  snapshot: Snapshot,
  call: Call,
): Promise<ChangeCounts> {
  // All of it is new, and how much that is the manifest says.
  if (parent === undefined) return { changed: snapshot.manifest.objects, removed: 0, failures: [] };
  const counts = { changed: 0, removed: 0 };
  try {
    for await (const { change } of diffSnapshots(parent, snapshot, call)) {
      if (change === "removed") counts.removed++;
      else counts.changed++;
    }
  } catch (error) {
    call.log.warn("changes could not be counted", { operation: "count_changes", error });
    return { ...counts, failures: [failureOf("count of changes", error)] };
  }
  return { ...counts, failures: [] };
}
