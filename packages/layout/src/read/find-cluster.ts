import { type Call, clusterPath } from "@kubeferry/model";
import type { ObjectStore } from "@kubeferry/object-store";
import type { ClusterRef, Config } from "@kubeferry/shared-config";
import { clustersCalled } from "@kubeferry/snapshot";
import { GitOpsError } from "../gitops-error.ts";

/** Where to look, and for whom. */
export interface ClusterSearch {
  /** The whole store. */
  readonly store: ObjectStore;
  readonly config: Pick<Config, "cluster" | "layout">;
}

/**
 * The cluster whose snapshots are read when an environment names none: the configured one, or the only one in the
 * store that agrees with what is configured of it.
 * @throws GitOpsError "config" when several could be meant, "no-snapshot" when none is there
 */
export async function findCluster({ store, config }: ClusterSearch, call: Call): Promise<ClusterRef> {
  const { name, domain } = config.cluster;
  if (name !== undefined && domain !== undefined) return { name, domain };
  const found = await clustersCalled(config.cluster, store, config.layout.root, call);
  const [only, ...others] = found;
  if (only === undefined) throw nothingThere();
  if (others.length > 0) throw ambiguous(found);
  return only;
}

function nothingThere(): GitOpsError {
  return new GitOpsError({
    kind: "no-snapshot",
    who: "gitops",
    operation: "find the source cluster",
    problem: "the store holds no snapshot of a cluster that the configuration could mean",
    next: "run kubeferry backup first, or look at store.bucket, store.prefix and cluster",
  });
}

function ambiguous(found: readonly ClusterRef[]): GitOpsError {
  return new GitOpsError({
    kind: "config",
    who: "gitops",
    operation: "find the source cluster",
    problem: `the store holds several: ${found.slice(0, 20).map(clusterPath).join(", ")}`,
    next: "set cluster.domain and cluster.name, or gitops.environments.<name>.cluster",
  });
}
