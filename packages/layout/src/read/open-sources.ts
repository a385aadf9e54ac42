import { type Call, clusterPath } from "@kubeferry/model";
import { type ClusterRef, chainOf, type GitOpsConfig } from "@kubeferry/shared-config";
import { GitOpsError } from "../gitops-error.ts";
import { findCluster } from "./find-cluster.ts";
import { type AskedSnapshot, findSnapshot, type SnapshotSearch } from "./find-snapshot.ts";
import { snapshotSource } from "./snapshot-source.ts";
import type { Source } from "./source.ts";
import { treeSource } from "./tree/find-tree.ts";

/** One environment, with its source found. */
export interface Environment {
  readonly name: string;
  /** `Source.id`. */
  readonly source: string;
  /** Where it is made from an earlier time of its cluster ("crc.testing/wrl62"). */
  readonly earlier?: { readonly cluster: string; readonly at: string };
}

/** An earlier snapshot of a cluster that takes the place of its newest; a time that is configured stays. */
export interface ChosenSnapshot {
  readonly cluster: ClusterRef;
  readonly sequence: number;
}

/** What sources are opened with. */
type SourceOptions = SnapshotSearch & { readonly gitops: GitOpsConfig; readonly chosen?: ChosenSnapshot };

/**
 * Opens what the environments are made from, each source once: the newest snapshot of a cluster, or the newest of a
 * time.
 * @throws GitOpsError "no-snapshot", "damaged", "config"
 */
export async function openSources(
  options: SourceOptions,
  call: Call,
): Promise<{ readonly sources: readonly Source[]; readonly environments: readonly Environment[] }> {
  const sources = new Map<string, Source>();
  const environments: Environment[] = [];
  const all = options.gitops.environments;
  for (const name of Object.keys(all)) {
    const chain = chainOf(name, all).map(([, keys]) => keys);
    const cluster = chain.find((keys) => keys.cluster !== undefined)?.cluster ?? (await ownCluster(options, call));
    const at = chain.find((keys) => keys.at !== undefined)?.at;
    const asked = `${clusterPath(cluster)} ${at ?? ""}`;
    const source = sources.get(asked) ?? (await openSource(options, cluster, at, call));
    sources.set(asked, source);
    const earlier = source.at === undefined ? {} : { earlier: { cluster: source.origin.cluster, at: source.at } };
    environments.push({ name, source: source.id, ...earlier });
  }
  return { sources: [...sources.values()], environments };
}

async function openSource(
  options: SourceOptions,
  cluster: ClusterRef,
  at: string | undefined,
  call: Call,
): Promise<Source> {
  if (options.gitops.source.type === "tree") {
    if (at !== undefined) throw noTimeInTrees(at);
    return treeSource(options, cluster, call);
  }
  return snapshotSource(await findSnapshot(options, cluster, askedOf(options, cluster, at), call));
}

function askedOf(
  { chosen }: Pick<SourceOptions, "chosen">,
  cluster: ClusterRef,
  at: string | undefined,
): AskedSnapshot | undefined {
  if (at !== undefined) return { by: "time", at };
  if (chosen === undefined || clusterPath(chosen.cluster) !== clusterPath(cluster)) return undefined;
  return { by: "sequence", sequence: chosen.sequence };
}

/** A tree does not say which cluster it is of, and a store of trees need not hold a snapshot that does. */
async function ownCluster(
  options: SnapshotSearch & { readonly gitops: GitOpsConfig },
  call: Call,
): Promise<ClusterRef> {
  const { name, domain } = options.config.cluster;
  if (options.gitops.source.type === "snapshot") return findCluster(options, call);
  if (name !== undefined && domain !== undefined) return { name, domain };
  throw new GitOpsError({
    kind: "config",
    who: "gitops",
    operation: "find the source cluster",
    problem: "a tree of files does not say which cluster it is of",
    next: "set cluster.domain and cluster.name, or gitops.environments.<name>.cluster",
  });
}

function noTimeInTrees(at: string): GitOpsError {
  return new GitOpsError({
    kind: "config",
    who: "gitops",
    operation: "find the sources",
    problem: `an environment is to be made from ${at}, and a tree of files has no times`,
    next: "drop `at` from gitops.environments, or set gitops.source.type: snapshot",
  });
}
