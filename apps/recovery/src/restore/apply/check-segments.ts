import { type Call, typeName } from "@kubeferry/model";
import { type Snapshot, SnapshotError } from "@kubeferry/snapshot";
import { RecoveryError } from "../../recovery-error.ts";
import type { RestorePlan } from "../restore-plan.ts";
import { isWritten } from "./steps.ts";

/**
 * Reads every segment that a plan needs: what is damaged is found before anything is written.
 * @throws RecoveryError "damaged"
 */
export async function checkSegments(plan: RestorePlan, snapshot: Snapshot, call: Call): Promise<void> {
  const needed = new Set(plan.entries.filter(isWritten).map(({ object }) => typeName(object)));
  try {
    for await (const _ of snapshot.objects((type) => needed.has(typeName(type)), call)) {
      // Digests, sizes, counts and order are compared as it is read.
    }
  } catch (error) {
    if (!(error instanceof SnapshotError)) throw error;
    throw new RecoveryError({
      kind: "damaged",
      who: "restore",
      operation: `read snapshot ${plan.source.sequence} of ${plan.source.cluster}`,
      problem: `${error.problem}; nothing was written`,
      next: "see `kubeferry snapshots verify`, and take another snapshot with --at",
      cause: error,
    });
  }
}
