import type { Call, SecretsMode } from "@kubeferry/model";
import type { ObjectStore } from "@kubeferry/object-store";
import {
  checkCluster,
  checkOtherSeries,
  type Lease,
  type MirrorView,
  openSeries,
  type Protection,
  type Snapshot,
} from "@kubeferry/snapshot";
import { importOne } from "./import-one.ts";

/** Where snapshots come to. */
export interface ImportTarget {
  /** Prefixed to the root of the cluster that is imported. */
  readonly store: ObjectStore;
  readonly series: string;
  /** To whom they are encrypted, with which key they are signed, whose are believed. */
  readonly protection: Protection;
  /** How mirror files are made, given how the snapshot holds Secrets. */
  readonly viewFor: (secrets: SecretsMode) => MirrorView;
  /** What the operator wants of Secrets: their values are stored in clear only with "plain". */
  readonly secrets: SecretsMode;
  readonly uploads: number;
  readonly gcGraceMs: number;
}

/** A store, and the snapshots in it that are imported. */
export interface ImportSource {
  /** Prefixed to the cluster's root. */
  readonly store: ObjectStore;
  /** Oldest first; each is read when its turn comes. */
  readonly snapshots: AsyncIterable<Snapshot>;
}

/** What became of one snapshot. */
export interface ImportedSnapshot {
  /** Its number where it came from. */
  readonly from: number;
  /** "present": it was imported before. "older": the series holds a later state, and it would count as the newest. */
  readonly outcome: "imported" | "present" | "older";
  /** Its number here; null where it is not here. */
  readonly sequence: number | null;
  readonly objects: number;
  /** Objects that are encrypted here. */
  readonly sealed: number;
}

/**
 * Commits copies of snapshots, oldest first, each read and compared with its digests before the first byte is written
 * and after the commit. What was imported before is known by the digest of its manifest, so that the same call goes on
 * after any interruption. Objects come out byte for byte; nothing is decrypted to a disk.
 * @param lease of the target's series, held by the caller
 * @throws RecoveryError "damaged", "config" for Secrets that this configuration has no right place for; SnapshotError
 *   "wrong-cluster", "lost", "untrusted"
 */
export async function* importSnapshots(
  source: ImportSource,
  target: ImportTarget,
  lease: Lease,
  call: Call,
): AsyncIterable<ImportedSnapshot> {
  const series = openSeries(target.store, target.series, target.protection);
  const known = await importedBefore(series, call);
  for await (const snapshot of source.snapshots) {
    call.signal.throwIfAborted();
    const { manifest, sha256 } = snapshot;
    const counts = { objects: manifest.objects, sealed: sealedIn(snapshot) };
    const present = known.get(sha256);
    if (present !== undefined) {
      yield { from: manifest.sequence, outcome: "present", sequence: present, ...counts };
      continue;
    }
    const parent = await series.newest(call);
    checkCluster(parent, manifest.cluster);
    if (parent === undefined) await checkOtherSeries(target.store, manifest.cluster, call);
    if (parent !== undefined && isLater(parent, snapshot)) {
      yield { from: manifest.sequence, outcome: "older", sequence: null, ...counts };
      continue;
    }
    const imported = await importOne({ snapshot, store: source.store }, { ...target, parent, lease }, call);
    const { sequence, objects } = imported.manifest;
    yield { from: manifest.sequence, outcome: "imported", sequence, objects, sealed: sealedIn(imported) };
  }
}

/** Manifests of the target are read once, one at a time; two numbers and a digest of each stay in memory. */
async function importedBefore(series: ReturnType<typeof openSeries>, call: Call): Promise<ReadonlyMap<string, number>> {
  const known = new Map<string, number>();
  for await (const { sequence } of series.list(call)) {
    const { manifest, sha256 } = await series.at(sequence, call);
    // Its own too: --from may describe this very store, and a snapshot is no copy of itself.
    known.set(sha256, sequence);
    if (manifest.origin !== undefined) known.set(manifest.origin.sha256, sequence);
  }
  return known;
}

/** The newest snapshot of a series is what the next backup builds on and what the mirror shows. */
function isLater({ manifest }: Snapshot, than: Snapshot): boolean {
  return Date.parse(manifest.finishedAt) > Date.parse(than.manifest.finishedAt);
}

function sealedIn({ manifest }: Snapshot): number {
  const segments = manifest.types.flatMap((type) => type.segments);
  return segments.reduce((total, { sealed, objects }) => total + (sealed === undefined ? 0 : objects), 0);
}
