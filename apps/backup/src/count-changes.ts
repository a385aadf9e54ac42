import type { Call } from "@kubeferry/model";
import { diffSnapshots, type Snapshot } from "@kubeferry/snapshot";

/** How many objects are new or changed, and how many are gone, since the parent. Reads only what differs. */
export async function countChanges(
  parent: Snapshot | undefined,
  snapshot: Snapshot,
  call: Call,
): Promise<{ changed: number; removed: number }> {
  const counts = { changed: 0, removed: 0 };
  for await (const { change } of diffSnapshots(parent, snapshot, call)) {
    if (change === "removed") counts.removed++;
    else counts.changed++;
  }
  return counts;
}
