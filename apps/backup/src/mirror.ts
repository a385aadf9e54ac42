import type { Call, Failure } from "@kubeferry/model";
import { type SnapshotSeries, updateMirror } from "@kubeferry/snapshot";
import { capacityOf } from "./capacity.ts";
import { mirrorView } from "./mirror-view.ts";
import type { BackupContext } from "./run.ts";
import { failureOf } from "./run-state.ts";

/** What became of the mirror. */
export interface MirrorOutcome {
  readonly put: number;
  readonly deleted: number;
  readonly failures: readonly Failure[];
  /** The run was told to stop before all was written; the next one goes on from there. */
  readonly interrupted: boolean;
}

const NOTHING: MirrorOutcome = { put: 0, deleted: 0, failures: [], interrupted: false };

/**
 * Brings the mirror up to the newest snapshot, after the commit. The snapshot stands whatever happens here: trouble is
 * a failure in the report, and the next run goes on where this one stopped.
 */
export async function bringMirrorUp(
  context: BackupContext,
  series: SnapshotSeries,
  call: Call,
): Promise<MirrorOutcome> {
  if (!context.config.backup.mirror.enabled) return NOTHING;
  try {
    const view = mirrorView(context.config);
    const { put, deleted, failures, outcome } = await updateMirror(
      { store: context.root, series, view, rendered: context.rendered, concurrency: capacityOf(context.config).files },
      call,
    );
    return { put, deleted, failures, interrupted: outcome === "interrupted" };
  } catch (error) {
    if (call.signal.aborted) return { ...NOTHING, interrupted: true };
    call.log.warn("mirror could not be brought up to the snapshot", { operation: "mirror_update", error });
    return { ...NOTHING, failures: [failureOf("mirror", error)] };
  }
}
