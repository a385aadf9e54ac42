import type { Call, Failure, PruneSummary } from "@kubeferry/model";
import { retentionPolicyOf } from "@kubeferry/shared-config";
import { limitsSnapshots, type PruneResult, prune, type Snapshot } from "@kubeferry/snapshot";
import type { BackupContext } from "./run.ts";
import { failureOf } from "./run-state.ts";

/** What became of retention. */
export interface PruneOutcome {
  readonly pruned: PruneSummary | null;
  readonly failures: readonly Failure[];
  /** The run was told to stop before all was removed; the next one removes the rest. */
  readonly interrupted: boolean;
}

/** Retention did not run, and had not to. */
const NOT_RUN: PruneOutcome = { pruned: null, failures: [], interrupted: false };

/**
 * Removes what retention lets go, after a complete snapshot and under the run's lease. The snapshot stands whatever
 * happens here: trouble is a failure in the report, and the next run prunes what this one left.
 */
export async function pruneAfter(context: BackupContext, snapshot: Snapshot, call: Call): Promise<PruneOutcome> {
  const { cluster, config, lease, protection, root } = context;
  const policy = retentionPolicyOf(config);
  if (config.retention.run !== "after-backup" || !limitsSnapshots(policy) || !snapshot.manifest.complete)
    return NOT_RUN;
  try {
    const storeTime = await lease.renew(call);
    // Whoever took the lease over prunes at its own end.
    if (storeTime === undefined) return NOT_RUN;
    const { gcGraceMs } = config.retention;
    const { series } = snapshot.manifest;
    const whose = { cluster, trust: protection.trust };
    const result = await prune(
      { store: root, series, policy, gcGraceMs, storeTime, ...whose, concurrency: config.batchSize },
      call,
    );
    return { pruned: summaryOf(result), failures: failuresOf(result), interrupted: result.interrupted };
  } catch (error) {
    if (call.signal.aborted) return { ...NOT_RUN, interrupted: true };
    call.log.warn("old snapshots could not be removed", { operation: "prune", error });
    return { ...NOT_RUN, failures: [failureOf("prune", error)] };
  }
}

function summaryOf({ removed, later }: PruneResult): PruneSummary {
  return {
    ...removed,
    later: later.map(({ key, lockedUntil }) => ({ key, until: lockedUntil?.toISOString() ?? null })),
  };
}

function failuresOf({ blocked, failures }: PruneResult): Failure[] {
  const unreadable = blocked.map(({ key, problem }) => ({
    target: `prune ${key}`,
    kind: "damaged",
    message: `nothing is removed while it cannot be known what this manifest names: ${problem}`,
  }));
  return [...unreadable, ...failures];
}
