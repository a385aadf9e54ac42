import { type Call, type Failure, finishing, type RetentionPolicy } from "@kubeferry/model";
import type { ObjectStore } from "@kubeferry/object-store";
import { shareGrace } from "../grace.ts";
import { createInFlight } from "../in-flight.ts";
import { BLOB_KINDS, blobIdOf, blobPrefix, checkSeriesName } from "../keys.ts";
import type { ManifestOrigin } from "../manifest/read-manifest.ts";
import { readMarker } from "../mirror/marker.ts";
import type { Trust } from "../protection/signature.ts";
import { decideRetention } from "../retention/retention.ts";
import { type History, type PastSnapshot, readHistory, type Unreadable } from "./read-history.ts";
import { type Removal, type Removing, removeKey } from "./remove-key.ts";

/** What is pruned. */
export interface PruneOptions {
  /** Prefixed to the cluster's root, `{domain}/{cluster}/`. */
  readonly store: ObjectStore;
  /** Snapshots of this series go; what no snapshot of any series names goes with them. */
  readonly series: string;
  readonly policy: RetentionPolicy;
  /** How old unnamed bytes must be: more than twice what any run takes. Milliseconds. */
  readonly gcGraceMs: number;
  /** The store's clock, read before prune is called: `Lease.renew`. An older time only keeps more. */
  readonly storeTime: Date;
  /** Whose manifests count: one that nobody believed signed would decide what goes. Undefined: signatures are not looked at. */
  readonly trust?: Trust | undefined;
  /** Whose folder it is: another cluster's manifest that was copied here would decide, too. Undefined: any. */
  readonly cluster?: ManifestOrigin["cluster"];
  /** Requests on their way at once. */
  readonly concurrency: number;
  /** True: says what would go, and removes nothing. Default false. */
  readonly dryRun?: boolean;
}

/** One snapshot of the series, and why it stays. */
export interface RetainedSnapshot {
  readonly sequence: number;
  readonly key: string;
  readonly finishedAt: string;
  readonly complete: boolean;
  /** "newest", "keepLast 3", "daily 2026-11-20", "mirror"; empty for one that goes. */
  readonly reasons: readonly string[];
}

/** What prune did, or would do. */
export interface PruneResult {
  /** In order; those that went too. */
  readonly snapshots: readonly RetainedSnapshot[];
  readonly removed: { readonly snapshots: number; readonly blobs: number; readonly bytes: number };
  /**
   * What would have gone if the store did not protect it: the next prune after that time removes it. Undefined for a
   * legal hold, which ends when somebody lifts it.
   */
  readonly later: readonly { readonly key: string; readonly lockedUntil: Date | undefined }[];
  /** Manifests that cannot be read: while there are any nothing is removed, for nobody knows what they name. */
  readonly blocked: readonly Unreadable[];
  /** What the store did not remove; the rest was. */
  readonly failures: readonly Failure[];
  /** True when it was told to stop before the last removal; removals that were under way are finished and counted. */
  readonly interrupted: boolean;
}

/** With so many refused removals the store itself is in trouble: the rest would only wait for the same answer. */
const MAX_FAILURES = 10;

/**
 * Removes the snapshots of a series that retention lets go, then all blobs that no snapshot names any more. Manifests go
 * first, oldest first: killed anywhere, every snapshot that is left is whole. Told to stop, it begins no further removal.
 * @throws SnapshotError "invalid"; "damaged", "newer-format" of the mirror's marker; StorageError when listing or reading fails; AbortError
 */
export async function prune(options: PruneOptions, call: Call): Promise<PruneResult> {
  const { store, series, storeTime, gcGraceMs, dryRun = false } = options;
  checkSeriesName(series);
  const history = await readHistory(store, { trust: options.trust, cluster: options.cluster }, call);
  const snapshots = await decide(options, history, call);
  const pruning: Pruning = {
    ...{ store, storeTime, dryRun, withinMs: shareGrace(gcGraceMs).deleteWithinMs },
    olderThan: new Date(storeTime.getTime() - gcGraceMs),
    concurrency: options.concurrency,
    done: { removed: { snapshots: 0, blobs: 0, bytes: 0 }, later: [], failures: [] },
  };
  const result = { snapshots, blocked: history.unreadable, ...pruning.done, interrupted: false };
  if (history.unreadable.length > 0) {
    const data = { series, blocked: history.unreadable.length };
    call.log.warn("nothing is pruned: manifests cannot be read", { operation: "prune", data });
    return result;
  }
  // Bytes of a run that has not committed yet, or of snapshots that somebody removed: prune cannot tell.
  if (history.snapshots.length === 0) return result;
  const interrupted = await orInterrupted(async () => {
    const left = await removeSnapshots(pruning, history, goingKeys(snapshots), call);
    await removeUnnamed(pruning, left, call);
  }, call);
  call.log.info(dryRun ? "prune would remove" : "snapshots pruned", {
    operation: "prune",
    data: { series, ...result.removed, later: result.later.length, failures: result.failures.length },
  });
  return { ...result, interrupted };
}

/** @returns whether the work was left because of the call's signal */
async function orInterrupted(work: () => Promise<void>, call: Call): Promise<boolean> {
  try {
    await work();
    return false;
  } catch (error) {
    if (call.signal.aborted) return true;
    throw error;
  }
}

interface Pruning extends Removing {
  readonly olderThan: Date;
  readonly concurrency: number;
  readonly done: {
    readonly removed: { snapshots: number; blobs: number; bytes: number };
    readonly later: { key: string; lockedUntil: Date | undefined }[];
    readonly failures: Failure[];
  };
}

/** Retention's word on every snapshot of the series; those the mirror goes on from stay as well. */
async function decide(
  { store, series, policy, storeTime }: PruneOptions,
  history: History,
  call: Call,
): Promise<RetainedSnapshot[]> {
  const own = history.snapshots.filter((snapshot) => snapshot.series === series);
  const stays = decideRetention(own, policy, storeTime);
  const mirrored = await mirroredBy(store, series, call);
  return own.map(({ sequence, key, finishedAt, complete }) => {
    const reasons = [...(stays.get(sequence) ?? []), ...(mirrored.has(sequence) ? ["mirror"] : [])];
    return { sequence, key, finishedAt, complete, reasons };
  });
}

/** Without them the mirror would be written anew as a whole. */
async function mirroredBy(store: ObjectStore, series: string, call: Call): Promise<ReadonlySet<number>> {
  const marker = (await readMarker(store, call))?.marker;
  if (marker?.series !== series) return new Set();
  const shown = [marker.snapshot, marker.applying, ...(marker.overtaken ?? [])];
  return new Set(shown.flatMap((one) => (one ? [one.sequence] : [])));
}

function goingKeys(snapshots: readonly RetainedSnapshot[]): ReadonlySet<string> {
  return new Set(snapshots.filter(({ reasons }) => reasons.length === 0).map(({ key }) => key));
}

/** @returns the snapshots that are still there */
async function removeSnapshots(
  pruning: Pruning,
  { snapshots }: History,
  going: ReadonlySet<string>,
  call: Call,
): Promise<PastSnapshot[]> {
  const left: PastSnapshot[] = [];
  for (const snapshot of snapshots) {
    const isGone = going.has(snapshot.key) && (await removeManifest(pruning, snapshot.key, call));
    if (!isGone) left.push(snapshot);
  }
  return left;
}

async function removeManifest(pruning: Pruning, key: string, call: Call): Promise<boolean> {
  if (pruning.done.failures.length >= MAX_FAILURES) return false;
  call.signal.throwIfAborted();
  const removal = await removeKey(pruning, key, undefined, finishing(call));
  if (note(pruning, key, removal)) pruning.done.removed.snapshots++;
  return removal.outcome === "removed" || removal.outcome === "gone";
}

async function removeUnnamed(pruning: Pruning, left: readonly PastSnapshot[], call: Call): Promise<void> {
  const { store, concurrency, olderThan, done } = pruning;
  const named = new Set<string>();
  for (const { blobs } of left) for (const blob of blobs) named.add(blob);
  const inFlight = createInFlight(concurrency);
  try {
    for (const kind of BLOB_KINDS) {
      for await (const entry of store.list(blobPrefix(kind), {}, call)) {
        if (done.failures.length >= MAX_FAILURES) return;
        const found = entry.type === "object" ? entry.object : undefined;
        const id = found === undefined ? undefined : blobIdOf(found.key);
        if (found === undefined || id === undefined || named.has(id) || found.modifiedAt >= olderThan) continue;
        await inFlight.start(async () => {
          call.signal.throwIfAborted();
          if (note(pruning, found.key, await removeKey(pruning, found.key, olderThan, finishing(call))))
            done.removed.blobs++;
        });
      }
    }
  } finally {
    await inFlight.settle();
  }
  inFlight.throwIfFailed();
}

/** @returns true when the key was removed now */
function note({ done }: Pruning, key: string, removal: Removal): boolean {
  switch (removal.outcome) {
    case "removed":
      done.removed.bytes += removal.sizeBytes;
      return true;
    case "later":
      done.later.push({ key, lockedUntil: removal.lockedUntil });
      return false;
    case "failed":
      done.failures.push(removal.failure);
      return false;
    case "gone":
    case "young":
      return false;
    default:
      return removal satisfies never;
  }
}
