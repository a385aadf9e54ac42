import { type Call, type ClusterIdentity, clusterPath } from "@kubeferry/model";
import type { ObjectReader } from "@kubeferry/object-store";
import { isSeriesName, SNAPSHOTS_PREFIX } from "./keys.ts";
import { openSeries } from "./series.ts";
import { SnapshotError } from "./snapshot-error.ts";
import type { Snapshot } from "./snapshots.ts";

/**
 * Refuses to extend another cluster's snapshots: call it before anything is written.
 * @throws SnapshotError "wrong-cluster" when the parent was taken from a cluster with another UID
 */
export function checkCluster(parent: Snapshot | undefined, identity: ClusterIdentity): void {
  const cluster = parent?.manifest.cluster;
  if (cluster === undefined || cluster.uid === identity.uid) return;
  throw new SnapshotError({
    kind: "wrong-cluster",
    who: "snapshot",
    operation: `extend ${parent?.key ?? ""} of ${clusterPath(cluster)}`,
    problem: `it was taken from the cluster with UID ${cluster.uid}, this one has UID ${identity.uid}`,
    next: "give this cluster another cluster.name or cluster.domain; a rebuilt cluster needs a new name, too",
  });
}

/**
 * As `checkCluster`, for the first snapshot of a series: it has no parent that could tell, the other series of this
 * root have. A series that cannot be read says nothing.
 * @param store prefixed to the cluster's root
 * @throws SnapshotError "wrong-cluster"
 */
export async function checkOtherSeries(store: ObjectReader, identity: ClusterIdentity, call: Call): Promise<void> {
  for await (const entry of store.list(SNAPSHOTS_PREFIX, { delimiter: "/" }, call)) {
    if (entry.type !== "prefix") continue;
    const series = entry.prefix.slice(SNAPSHOTS_PREFIX.length, -1);
    if (isSeriesName(series)) checkCluster(await newestIfReadable(store, series, call), identity);
  }
}

async function newestIfReadable(store: ObjectReader, series: string, call: Call): Promise<Snapshot | undefined> {
  try {
    return await openSeries(store, series).newest(call);
  } catch (error) {
    if (!(error instanceof SnapshotError)) throw error;
    call.log.warn("series cannot tell whose cluster this is", { operation: "cluster_identify", series, error });
    return undefined;
  }
}
