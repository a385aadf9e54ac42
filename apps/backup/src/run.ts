import type { KubeApi } from "@kubeferry/kube";
import {
  type BackupReport,
  type Call,
  type ClusterIdentity,
  callWith,
  clusterPath,
  finishing,
  inSpan,
  noteSecurityEvent,
  peakMemoryBytes,
  type RunCounters,
  typeName,
  type UnreadType,
} from "@kubeferry/model";
import { type ObjectStore, prefixed } from "@kubeferry/object-store";
import type { Config } from "@kubeferry/shared-config";
import {
  checkCluster,
  checkOtherSeries,
  clusterRoot,
  createProtection,
  createRenderedFiles,
  createStateFrames,
  openSeries,
  type Protection,
  type RenderedFiles,
  type Snapshot,
  SnapshotError,
  type SnapshotManifest,
  type StateFrames,
  type TypeEntry,
} from "@kubeferry/snapshot";
import { countFailuresSince, NO_RUNS } from "@kubeferry/telemetry";
import { announce } from "./announce/announce.ts";
import type { Announcer } from "./announce/announcer.ts";
import { captureSnapshot } from "./capture-snapshot.ts";
import { type ChangeCounts, countChanges } from "./count-changes.ts";
import { type HeldLease, identifyOrCount, underLease } from "./lease.ts";
import { bringMirrorUp, type MirrorOutcome } from "./mirror.ts";
import { type PruneOutcome, pruneAfter } from "./prune.ts";
import { logEnd, logNoStore, logStart, type StoreSaid } from "./run-log.ts";
import type { RunState } from "./run-state.ts";

/** What a run of stage 1 needs. Clock and ids are arguments, so that a test can fix them. */
export interface BackupOptions {
  readonly config: Config;
  /** The whole store; the cluster's root is found below it. */
  readonly store: ObjectStore;
  readonly kube: KubeApi;
  readonly runId: string;
  readonly toolVersion: string;
  readonly now: () => Date;
  readonly onProgress?: (progress: BackupProgress) => void;
  /** How long another run waits for a sign of life before it takes over from this one. Default 30 s. */
  readonly leaseTtlMs?: number;
  readonly observer?: BackupObserver;
  /** Tells stage 2 of the snapshot; left out: nobody does. */
  readonly announcer?: Announcer;
}

/** Who follows a run to count it. */
export interface BackupObserver {
  /** @param cluster "domain/name" */
  onCluster(cluster: string): void;
  /**
   * Called once it is known what earlier runs add up to.
   * @returns what this run adds itself to: the same, or more where somebody knows of runs that the store never saw
   */
  onCounters(stored: RunCounters, call: Call): Promise<RunCounters>;
  /** Called right after the commit. */
  onCommit(manifest: SnapshotManifest): void;
}

/** How far a run is, for people who watch. */
export interface BackupProgress {
  readonly typesDone: number;
  readonly typesTotal: number;
  readonly objects: number;
}

/**
 * Stage 1: collects a cluster, commits a snapshot of it, brings the mirror up to it, and announces it. Told to stop, it
 * commits only what is listed already, and leaves mirror and retention to the next run where they are on their way.
 * @returns the report; failures of single types and objects are in it and do not throw
 * @throws KubeferryError when there can be no snapshot: no API, no store, another cluster under this name, another run
 * that is at work on this series or was faster
 */
export async function runBackup(options: BackupOptions, outer: Call): Promise<BackupReport> {
  try {
    return await backUp(options, outer);
  } catch (error) {
    noteSecurityEvent(error, callWith(outer, { component: "backup", run_id: options.runId }));
    throw error;
  }
}

async function backUp(options: BackupOptions, outer: Call): Promise<BackupReport> {
  const startedAt = options.now();
  const nameless = callWith(outer, { component: "backup", run_id: options.runId });
  const cluster = await inSpan(nameless, "identify", {}, (inner) => identifyOrCount(options, inner));
  options.observer?.onCluster(clusterPath(cluster));
  outer.span?.set({ cluster: clusterPath(cluster) });
  const call = callWith(nameless, { cluster: clusterPath(cluster) });
  try {
    await options.store.prepare(call);
  } catch (error) {
    logNoStore(storeSaid(options), error, call);
    throw error;
  }
  const root = prefixed(options.store, clusterRoot(options.config.layout.root, cluster));
  const protection = await createProtection(options.config);
  const found = { ...options, root, cluster, startedAt, protection };
  const report = await underLease(options, root, (lease) => runOnce({ ...found, lease }, call), call);
  // After the lease: whoever waits for the series need not wait for a receiver too.
  return { ...report, announced: await announce(report, options, finishing(call)) };
}

async function runOnce(
  found: Omit<BackupContext, "parent" | "counters" | "frames" | "rendered">,
  call: Call,
): Promise<BackupReport> {
  const { cluster, root } = found;
  const frames = createStateFrames(STATE_BYTES);
  const series = openSeries(root, found.config.backup.series, { ...found.protection, cluster, frames });
  const parent = await series.newest(call);
  // A first run compares with nothing.
  if (parent === undefined) frames.close();
  checkCluster(parent, cluster);
  if (parent === undefined) await checkOtherSeries(root, cluster, call);
  logStart(storeSaid(found), found.config.backup.series, parent, call);
  const stored = countFailuresSince(parent?.manifest.counters ?? NO_RUNS, found.lease.failedRuns);
  const counters = (await found.observer?.onCounters(stored, call)) ?? stored;
  const context = { ...found, parent, counters, frames, rendered: createRenderedFiles(RENDERED_BYTES) };
  const { snapshot, state } = await captureWhole(context, call);
  found.lease.committed();
  found.observer?.onCommit(snapshot.manifest);
  const changes = await countChanges(parent, snapshot, finishing(call));
  const mirror = await inSpan(call, "mirror", {}, (inner) => bringMirrorUp(context, series, inner));
  frames.close();
  const prune = await inSpan(call, "prune", {}, (inner) => pruneAfter(context, snapshot, inner));
  const report = reportOf(context, snapshot, state, { changes, mirror, prune });
  logEnd(report, call);
  return report;
}

function storeSaid({ store, config }: BackupOptions): StoreSaid {
  return { description: store.description, config: config.store };
}

/** All files of 15,000 objects, about; in larger clusters those of a first run above that are rendered twice. */
const RENDERED_BYTES = 8 * 2 ** 20;

/** Of some 25,000 objects that lie in a segment with one that moved, before and after; those of more are read again. */
const STATE_BYTES = 4 * 2 ** 20;

/** A run, once it is known which cluster it is about. */
export interface BackupContext extends BackupOptions {
  readonly root: ObjectStore;
  readonly cluster: ClusterIdentity;
  readonly parent: Snapshot | undefined;
  readonly startedAt: Date;
  readonly lease: HeldLease;
  readonly protection: Protection;
  /** What earlier runs add up to. */
  readonly counters: RunCounters;
  /** States that are compared, from capture to mirror. */
  readonly frames: StateFrames;
  /** Files on their way from capture to mirror. */
  readonly rendered: RenderedFiles;
}

/** When bytes that the parent names turn out to be gone, the snapshot is taken again without naming any of them. */
async function captureWhole(context: BackupContext, call: Call): Promise<{ snapshot: Snapshot; state: RunState }> {
  try {
    return await captureSnapshot(context, { reuse: true }, call);
  } catch (error) {
    if (!(error instanceof SnapshotError) || error.kind !== "damaged") throw error;
    call.log.warn("the parent snapshot is damaged, everything is written anew", { operation: "backup_retry", error });
    noteSecurityEvent(error, call);
    return captureSnapshot(context, { reuse: false }, call);
  }
}

interface Outcome {
  readonly changes: ChangeCounts;
  readonly mirror: MirrorOutcome;
  readonly prune: PruneOutcome;
}

function reportOf(context: BackupContext, snapshot: Snapshot, state: RunState, outcome: Outcome): BackupReport {
  const { cluster } = context;
  const { manifest } = snapshot;
  const { changes, mirror, prune } = outcome;
  const later = [...changes.failures, ...mirror.failures, ...prune.failures];
  return {
    stage: "backup",
    status: statusOf(manifest.complete && later.length === 0, mirror.interrupted || prune.interrupted),
    snapshot: `${clusterRoot(context.config.layout.root, cluster)}${snapshot.key}`,
    sequence: manifest.sequence,
    cluster: clusterPath(cluster),
    series: manifest.series,
    runId: context.runId,
    secrets: manifest.secrets,
    consistency: manifest.consistency ?? { asked: "type", revision: null, held: true, exceptions: [] },
    objects: manifest.objects,
    changed: changes.changed,
    removed: changes.removed,
    namespaces: state.namespaces.size,
    volumes: { dataNotIncluded: manifest.claims },
    skipped: state.skipped,
    unread: manifest.types.flatMap(unreadOf),
    failures: [...manifest.failures, ...later],
    warnings: state.warnings,
    findings: { objects: sum(manifest.types.flatMap(findingsOf)), found: state.found },
    segments: { written: state.segmentsWritten, reused: state.segmentsReused },
    mirror: { put: mirror.put, deleted: mirror.deleted, tooLarge: manifest.types.flatMap(tooLargeOf) },
    pruned: prune.pruned,
    announced: null,
    durationMs: context.now().getTime() - context.startedAt.getTime(),
    peakRssBytes: peakMemoryBytes(),
  };
}

function statusOf(whole: boolean, interrupted: boolean): BackupReport["status"] {
  if (interrupted) return "interrupted";
  return whole ? "complete" : "partial";
}

/** Objects that are in the snapshot and, for their size, not in the mirror. */
function tooLargeOf(type: TypeEntry): BackupReport["mirror"]["tooLarge"] {
  return type.segments.flatMap(({ oversized = [] }) =>
    oversized.map(({ key, sizeBytes }) => ({ object: `${typeName(type)}/${key}`, sizeBytes })),
  );
}

/** How many objects of each kind look like they hold a credential. */
function findingsOf(type: TypeEntry): number[] {
  return type.segments.flatMap(({ findings = {} }) => Object.values(findings));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** What was really carried is known once the snapshot is committed: some of it may have had to be dropped. */
function unreadOf(type: TypeEntry): UnreadType[] {
  const { captured, objects } = type;
  if (captured.status !== "unread") return [];
  const { reason, sinceSequence, accepted = false } = captured;
  return [{ resource: typeName(type), reason, sinceSequence, carried: objects, accepted }];
}
