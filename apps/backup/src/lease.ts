import type { Call, ClusterIdentity } from "@kubeferry/model";
import { type ObjectStore, prefixed } from "@kubeferry/object-store";
import { acquireLease, clusterRoot, countFailedRun, type Lease } from "@kubeferry/snapshot";
import type { BackupOptions } from "./run.ts";

/** The lease a run works under. */
export interface HeldLease extends Lease {
  /** From here on the run counts as one that brought a snapshot, whatever becomes of it. */
  readonly committed: () => void;
}

/**
 * Does a run's work under the lease of its series; a run that ends without a commit is counted in it.
 * @throws SnapshotError "busy" when another run is at work; what the work throws
 */
export async function underLease<Result>(
  { config, runId, now, leaseTtlMs }: BackupOptions,
  root: ObjectStore,
  work: (lease: HeldLease) => Promise<Result>,
  call: Call,
): Promise<Result> {
  const ttl = leaseTtlMs === undefined ? {} : { ttlMs: leaseTtlMs };
  const asked = { store: root, series: config.backup.series, runId, work: "backup", now, ...ttl } as const;
  const lease = await acquireLease(asked, call);
  const outcome = { failed: true };
  const committed = (): void => {
    outcome.failed = false;
  };
  try {
    return await work({ ...lease, committed });
  } finally {
    // Whoever stops a run says nothing about its cluster.
    await lease.release({ failed: outcome.failed && !call.signal.aborted }, call);
  }
}

/** A cluster that does not answer is a failed run, too, and counted where it is known which cluster that is. */
export async function identifyOrCount(options: BackupOptions, call: Call): Promise<ClusterIdentity> {
  try {
    return await options.kube.identify(options.config.cluster, call);
  } catch (error) {
    if (!call.signal.aborted) await countFailure(options, call);
    throw error;
  }
}

async function countFailure({ config, store }: BackupOptions, call: Call): Promise<void> {
  const { domain, name } = config.cluster;
  if (domain === undefined || name === undefined) return;
  try {
    const root = prefixed(store, clusterRoot(config.layout.root, { domain, name }));
    await countFailedRun(root, config.backup.series, call);
  } catch (error) {
    call.log.warn("failed run could not be counted", { operation: "lease", error });
  }
}
