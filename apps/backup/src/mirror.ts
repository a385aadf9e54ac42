import type { Call, Failure } from "@kubeferry/model";
import { type SnapshotSeries, updateMirror } from "@kubeferry/snapshot";
import { capacityOf } from "./capacity.ts";
import { mirrorView } from "./mirror-view.ts";
import type { BackupContext } from "./run.ts";
import { failureOf } from "./run-state.ts";

/**
 * Brings the mirror up to the newest snapshot, after the commit. The snapshot stands whatever happens here: trouble is
 * a failure in the report, and the next run goes on where this one stopped.
 */
export async function bringMirrorUp(
  context: BackupContext,
  series: SnapshotSeries,
  call: Call,
): Promise<{ put: number; deleted: number; failures: readonly Failure[] }> {
  if (!context.config.backup.mirror.enabled) return { put: 0, deleted: 0, failures: [] };
  try {
    const view = mirrorView(context.config);
    return await updateMirror(
      { store: context.root, series, view, concurrency: capacityOf(context.config).files },
      call,
    );
  } catch (error) {
    if (call.signal.aborted) throw error;
    call.log.warn("mirror could not be brought up to the snapshot", { operation: "mirror_update", error });
    return { put: 0, deleted: 0, failures: [failureOf("mirror", error)] };
  }
}
