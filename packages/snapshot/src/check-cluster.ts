import { type ClusterIdentity, clusterPath } from "@kubeferry/model";
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
