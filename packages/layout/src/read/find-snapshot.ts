import { type Call, clusterPath } from "@kubeferry/model";
import { type ObjectStore, prefixed } from "@kubeferry/object-store";
import type { ClusterRef, Config } from "@kubeferry/shared-config";
import {
  clusterRoot,
  createProtection,
  openSeries,
  type Snapshot,
  SnapshotError,
  type SnapshotSeries,
  snapshotAt,
} from "@kubeferry/snapshot";
import { GitOpsError } from "../gitops-error.ts";
import { type FoundSnapshot, namingDamage } from "./snapshot-source.ts";

/** Where the snapshots of one cluster lie. */
export interface SourcePlace {
  /** The whole store; the cluster's root is found below it. */
  readonly store: ObjectStore;
  readonly series: string;
}

/** Where to look for snapshots. */
export interface SnapshotSearch {
  readonly config: Config;
  /** The whole store; clusters' roots are found below it. */
  readonly store: ObjectStore;
  /** Clusters with a place of their own; undefined: `store`, and the series of `config`. */
  readonly placeOf?: (cluster: ClusterRef) => Promise<SourcePlace | undefined>;
}

/** Which snapshot of a cluster is read where it is not the newest: of a configured time, or one that somebody chose. */
export type AskedSnapshot =
  | { readonly by: "time"; readonly at: string }
  | { readonly by: "sequence"; readonly sequence: number };

/**
 * The newest snapshot of a cluster, the newest that was finished by a time, or the one of a number. Which one is newer
 * is said by its number; of several that were finished by then the one with the highest is taken.
 * @throws GitOpsError "no-snapshot", "damaged"; SnapshotError for one that is not to be trusted
 */
export async function findSnapshot(
  search: SnapshotSearch,
  cluster: ClusterRef,
  asked: AskedSnapshot | undefined,
  call: Call,
): Promise<FoundSnapshot> {
  const id = clusterPath(cluster);
  const { series, name, root } = await openSeriesOf(search, cluster);
  const other: FoundSnapshot["other"] = (sequence, inner) => series.at(sequence, inner);
  if (asked?.by === "sequence") {
    const { snapshot, newest } = await namingDamage(id, () => chosen(series, asked.sequence, call));
    return { snapshot, root, other, at: snapshot.manifest.finishedAt, ...rolledBack(snapshot, newest) };
  }
  const at = asked?.at;
  const snapshot = await namingDamage(id, () =>
    at === undefined ? series.newest(call) : finishedBy(series, at, call),
  );
  if (snapshot !== undefined) return { snapshot, root, at, other };
  throw at === undefined ? noneAtAll(id, name) : noneByThen(id, name, at);
}

/** A snapshot by its number, and what is the newest now: until there is a newer one, nobody knows what became of it. */
async function chosen(series: SnapshotSeries, sequence: number, call: Call) {
  const snapshot = await series.at(sequence, call);
  return { snapshot, newest: await series.newest(call) };
}

function rolledBack(snapshot: Snapshot, newest: Snapshot | undefined): Pick<FoundSnapshot, "rolledBack"> {
  const to = snapshot.manifest.sequence;
  const last = newest?.manifest.sequence ?? to;
  return to === last ? {} : { rolledBack: { to, newest: last } };
}

/** kube-system UID of a cluster, as its newest snapshot says; undefined where there is none. @throws as `findSnapshot` */
export async function findUid(search: SnapshotSearch, cluster: ClusterRef, call: Call): Promise<string | undefined> {
  const { series } = await openSeriesOf(search, cluster);
  const snapshot = await namingDamage(clusterPath(cluster), () => series.newest(call));
  return snapshot?.manifest.cluster.uid;
}

async function openSeriesOf(
  { store, config, placeOf }: SnapshotSearch,
  cluster: ClusterRef,
): Promise<{ readonly series: SnapshotSeries; readonly name: string; readonly root: string }> {
  const root = clusterRoot(config.layout.root, cluster);
  const place = (await placeOf?.(cluster)) ?? { store, series: config.backup.series };
  const reading = { ...(await createProtection(config)), cluster };
  return { series: openSeries(prefixed(place.store, root), place.series, reading), name: place.series, root };
}

/** Undefined when the series holds none that was finished by then. */
async function finishedBy(series: SnapshotSeries, at: string, call: Call): Promise<Snapshot | undefined> {
  try {
    return await snapshotAt(series, { by: "time", until: new Date(at) }, call);
  } catch (error) {
    if (error instanceof SnapshotError && error.kind === "not-found") return undefined;
    throw error;
  }
}

function noneAtAll(id: string, series: string): GitOpsError {
  return new GitOpsError({
    kind: "no-snapshot",
    who: "gitops",
    operation: `read the newest snapshot of ${id}`,
    problem: `the store holds none in series "${series}"`,
    next: "run kubeferry backup first, or look at backup.series",
  });
}

function noneByThen(id: string, series: string, at: string): GitOpsError {
  return new GitOpsError({
    kind: "no-snapshot",
    who: "gitops",
    operation: `read the newest snapshot of ${id} that was finished by ${at}`,
    problem: `the store holds none in series "${series}" that is as old as that`,
    next: "kubeferry snapshots list names those that are there; look at `at` of the environment",
  });
}
