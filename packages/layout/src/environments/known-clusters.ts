import { type Call, clusterPath } from "@kubeferry/model";
import type { ClusterRef, GitOpsConfig } from "@kubeferry/shared-config";
import { findUid, type SnapshotSearch } from "../read/find-snapshot.ts";
import type { Environment } from "../read/open-sources.ts";
import type { Source } from "../read/source.ts";

/** What is known of the clusters that environments are made from and deployed to. */
export interface KnownClusters {
  /** The cluster that an environment is made from; undefined where nobody knows. */
  sourceOf(environment: string): KnownCluster | undefined;
  /** kube-system UID of a cluster; undefined where the store holds no snapshot of it. */
  uidOf(cluster: ClusterRef): string | undefined;
}

/** A cluster by its name and its identity. */
interface KnownCluster {
  /** "crc.testing/wrl62". */
  readonly id: string;
  /** Of its kube-system namespace; undefined where that is not known. */
  readonly uid: string | undefined;
}

/** What is read of a run to know its clusters. */
export interface KnownClustersOptions extends SnapshotSearch {
  readonly gitops: GitOpsConfig;
  readonly sources: readonly Source[];
  readonly environments: readonly Environment[];
}

/**
 * Looks up every cluster that a destination names: one that was renamed is still the one it was, and only its
 * kube-system namespace says so.
 * @throws GitOpsError "damaged"; SnapshotError, StorageError: what cannot be read is not taken for another cluster
 */
export async function findKnownClusters(options: KnownClustersOptions, call: Call): Promise<KnownClusters> {
  const { sources, environments } = options;
  const clusters = new Map(sources.map(({ id, origin }) => [id, origin.cluster]));
  const ids = new Map(environments.map(({ name, source }) => [name, clusters.get(source)]));
  const uids = new Map(sources.map(({ cluster, origin }) => [origin.cluster, cluster.uid]));
  for (const cluster of destinationsIn(options.gitops)) {
    const id = clusterPath(cluster);
    if (uids.has(id)) continue;
    const uid = await findUid(options, cluster, call);
    if (uid !== undefined) uids.set(id, uid);
  }
  return {
    sourceOf(environment) {
      const id = ids.get(environment);
      return id === undefined ? undefined : { id, uid: uids.get(id) };
    },
    uidOf: (cluster) => uids.get(clusterPath(cluster)),
  };
}

/** The clusters that destinations name, with what is known of their identity. */
export function destinationUids(gitops: GitOpsConfig, { uidOf }: KnownClusters): readonly (readonly string[])[] {
  return destinationsIn(gitops).map((cluster) => [clusterPath(cluster), uidOf(cluster) ?? ""]);
}

function destinationsIn({ environments, overrides }: GitOpsConfig): readonly ClusterRef[] {
  const scoped = Object.values(overrides).flatMap((byEnvironment) => Object.values(byEnvironment));
  const several = Object.values(environments).flatMap(({ destinations }) => Object.values(destinations ?? {}));
  const single = [...Object.values(environments), ...scoped].flatMap(({ destination }) => destination ?? []);
  return [...single, ...several].flatMap(({ cluster }) => cluster ?? []);
}
