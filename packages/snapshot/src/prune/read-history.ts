import type { Call } from "@kubeferry/model";
import type { ObjectReader } from "@kubeferry/object-store";
import pMap from "p-map";
import { blobIdOf, isSeriesName, SNAPSHOTS_PREFIX } from "../keys.ts";
import { type ManifestOrigin, readManifest, type StoredManifest } from "../manifest/read-manifest.ts";
import type { DatedSnapshot } from "../retention/retention.ts";
import { type ListedSnapshot, listSnapshots } from "../series.ts";
import { SnapshotError } from "../snapshot-error.ts";
import { blobsOfManifest } from "../writer/named-blobs.ts";

/** Manifests read at once: one can have several megabytes. */
const READ_AT_ONCE = 4;

/** A snapshot as prune sees it. */
export interface PastSnapshot extends DatedSnapshot {
  readonly series: string;
  readonly key: string;
  readonly sizeBytes: number;
  /** "segments/<sha256>" of everything it names. */
  readonly blobs: readonly string[];
}

/** Why it cannot be known what a manifest names. */
export interface Unreadable {
  readonly key: string;
  readonly problem: string;
}

/** All snapshots of a cluster, of every series, in order. */
export interface History {
  readonly snapshots: readonly PastSnapshot[];
  readonly unreadable: readonly Unreadable[];
}

/**
 * Reads every manifest of a cluster; keeps about 8 bytes for each blob each names, and each blob's name once.
 * @throws StorageError; manifests that cannot be read, or are not believed, are in the result
 */
export async function readHistory(store: ObjectReader, origin: ManifestOrigin, call: Call): Promise<History> {
  const snapshots: PastSnapshot[] = [];
  const unreadable: Unreadable[] = [];
  const names = new Map<string, string>();
  for await (const series of seriesIn(store, call)) {
    const listed: ListedSnapshot[] = [];
    for await (const one of listSnapshots(store, series, undefined, call)) listed.push(one);
    const found = await pMap(listed, (one) => readOne({ store, origin, names }, series, one, call), {
      concurrency: READ_AT_ONCE,
    });
    for (const one of found) {
      if (one === undefined) continue;
      if ("problem" in one) unreadable.push(one);
      else snapshots.push(one);
    }
  }
  return { snapshots, unreadable };
}

async function* seriesIn(store: ObjectReader, call: Call): AsyncIterable<string> {
  for await (const entry of store.list(SNAPSHOTS_PREFIX, { delimiter: "/" }, call)) {
    if (entry.type !== "prefix") continue;
    const series = entry.prefix.slice(SNAPSHOTS_PREFIX.length, -1);
    if (isSeriesName(series)) yield series;
  }
}

interface Reading {
  readonly store: ObjectReader;
  readonly origin: ManifestOrigin;
  readonly names: Map<string, string>;
}

/** @returns undefined when it was pruned since it was listed */
async function readOne(
  { store, origin, names }: Reading,
  series: string,
  { key, sizeBytes }: ListedSnapshot,
  call: Call,
): Promise<PastSnapshot | Unreadable | undefined> {
  try {
    const stored = await readManifest(store, series, key, call, origin);
    return stored === undefined ? undefined : pastSnapshot(stored, sizeBytes, names);
  } catch (error) {
    if (!(error instanceof SnapshotError)) throw error;
    return { key, problem: error.message };
  }
}

function pastSnapshot(
  { key, manifest }: StoredManifest,
  sizeBytes: number,
  names: Map<string, string>,
): PastSnapshot | Unreadable {
  const { series, sequence, finishedAt, complete } = manifest;
  if (Number.isNaN(Date.parse(finishedAt))) return { key, problem: `finishedAt ${finishedAt} is no time` };
  const blobs: string[] = [];
  for (const blob of blobsOfManifest(manifest)) {
    const id = blobIdOf(blob.key);
    if (id === undefined) return { key, problem: `it names ${blob.key}, which is no blob's key` };
    const known = names.get(id) ?? id;
    names.set(known, known);
    blobs.push(known);
  }
  return { series, sequence, finishedAt, complete, key, sizeBytes, blobs };
}
