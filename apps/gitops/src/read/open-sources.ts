import { type Call, clusterPath } from "@kubeferry/model";
import { type ObjectStore, prefixed } from "@kubeferry/object-store";
import { type ClusterRef, type Config, chainOf, type GitOpsConfig } from "@kubeferry/shared-config";
import { clusterRoot, createProtection, openSeries, type Snapshot, SnapshotError } from "@kubeferry/snapshot";
import { GitOpsError } from "../gitops-error.ts";
import { findCluster } from "./find-cluster.ts";

/** A cluster whose newest snapshot is read. */
export interface Source {
  /** "crc.testing/wrl62". */
  readonly id: string;
  readonly snapshot: Snapshot;
  /** Key of its manifest from the store's root. */
  readonly snapshotKey: string;
}

/** One environment, with its source found. */
export interface Environment {
  readonly name: string;
  /** `Source.id`. */
  readonly source: string;
}

/** Where the snapshots of one cluster lie. */
export interface SourcePlace {
  /** The whole store; the cluster's root is found below it. */
  readonly store: ObjectStore;
  readonly series: string;
}

interface SourceOptions {
  readonly config: Config;
  readonly store: ObjectStore;
  /** Clusters with a place of their own; undefined: `store`, and the series of `config`. */
  readonly placeOf?: (cluster: ClusterRef) => Promise<SourcePlace | undefined>;
}

/**
 * Opens the newest snapshot of every cluster that an environment is made from, each once.
 * @throws GitOpsError "no-snapshot", "damaged", "config"
 */
export async function openSources(
  options: SourceOptions & { readonly gitops: GitOpsConfig },
  call: Call,
): Promise<{ readonly sources: readonly Source[]; readonly environments: readonly Environment[] }> {
  const sources = new Map<string, Source>();
  const environments: Environment[] = [];
  const all = options.gitops.environments;
  for (const name of Object.keys(all)) {
    const written = chainOf(name, all).find(([, { cluster }]) => cluster !== undefined)?.[1].cluster;
    const cluster = written ?? (await findCluster(options, call));
    const id = clusterPath(cluster);
    if (!sources.has(id)) sources.set(id, await openSource(options, cluster, call));
    environments.push({ name, source: id });
  }
  return { sources: [...sources.values()], environments };
}

async function openSource({ store, config, placeOf }: SourceOptions, cluster: ClusterRef, call: Call): Promise<Source> {
  const id = clusterPath(cluster);
  const root = clusterRoot(config.layout.root, cluster);
  const place = (await placeOf?.(cluster)) ?? { store, series: config.backup.series };
  const reading = { ...(await createProtection(config)), cluster };
  const series = openSeries(prefixed(place.store, root), place.series, reading);
  const snapshot = await namingDamage(id, () => series.newest(call));
  if (snapshot !== undefined) return { id, snapshot, snapshotKey: `${root}${snapshot.key}` };
  throw new GitOpsError({
    kind: "no-snapshot",
    who: "gitops",
    operation: `read the newest snapshot of ${id}`,
    problem: `the store holds none in series "${place.series}"`,
    next: "run kubeferry backup first, or look at backup.series",
  });
}

/** Runs a step that reads a snapshot, and says "damaged" in this app's own error when its bytes are not right. */
export async function namingDamage<Result>(source: string, step: () => Promise<Result>): Promise<Result> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof SnapshotError && error.kind === "damaged") throw damaged(source, error);
    throw error;
  }
}

function damaged(source: string, cause: SnapshotError): GitOpsError {
  return new GitOpsError({
    kind: "damaged",
    who: "gitops",
    operation: `read the newest snapshot of ${source}`,
    problem: cause.message,
    next: "nothing was written to Git; run kubeferry backup again, which replaces what is damaged",
    cause,
  });
}
