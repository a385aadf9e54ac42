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

/** An environment whose cluster has no snapshot yet: others go on without it, and what Git has of it stays. */
export interface WaitingEnvironment {
  readonly name: string;
  /** A sentence for people. */
  readonly reason: string;
}

/** What the environments are made from. */
interface OpenedSources {
  readonly sources: readonly Source[];
  /** At least one. */
  readonly environments: readonly Environment[];
  readonly waiting: readonly WaitingEnvironment[];
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
 * time. A cluster that joined a fleet and has none yet keeps nobody else waiting; a time that is asked for by name, and a
 * snapshot that cannot be trusted, end the run.
 * @throws GitOpsError "no-snapshot" when there is none at all, "damaged", "config"
 */
export async function openSources(options: SourceOptions, call: Call): Promise<OpenedSources> {
  const sources = new Map<string, Source>();
  const environments: Environment[] = [];
  const waiting: WaitingEnvironment[] = [];
  const none: GitOpsError[] = [];
  const all = options.gitops.environments;
  for (const name of Object.keys(all)) {
    const chain = chainOf(name, all).map(([, keys]) => keys);
    const cluster = chain.find((keys) => keys.cluster !== undefined)?.cluster ?? (await ownCluster(options, call));
    const at = chain.find((keys) => keys.at !== undefined)?.at;
    const asked = `${clusterPath(cluster)} ${at ?? ""}`;
    const source = sources.get(asked) ?? (await openSource(options, cluster, at, call).catch(noneYet));
    if (source instanceof GitOpsError) {
      if (at !== undefined) throw source;
      none.push(source);
      waiting.push({
        name,
        reason: `environment ${name} is left as it is until its cluster was backed up: ${source.message}`,
      });
      continue;
    }
    sources.set(asked, source);
    const earlier = source.at === undefined ? {} : { earlier: { cluster: source.origin.cluster, at: source.at } };
    environments.push({ name, source: source.id, ...earlier });
  }
  if (environments.length === 0 && none[0] !== undefined) throw none[0];
  return { sources: [...sources.values()], environments, waiting };
}

function noneYet(error: unknown): GitOpsError {
  if (error instanceof GitOpsError && error.kind === "no-snapshot") return error;
  throw error;
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
