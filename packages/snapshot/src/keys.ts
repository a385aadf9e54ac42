import type { SegmentRef } from "./manifest.ts";
import { SnapshotError } from "./snapshot-error.ts";

/** Everything but the mirror lies below it. */
export const SNAPSHOTS_PREFIX = "_snapshots/";
/** Digits of a sequence in its key: key order is the order of sequences up to ten thousand million runs. */
const SEQUENCE_DIGITS = 10;
const SERIES_NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The kinds of blob a manifest names. */
export type BlobKind = "segments" | "state" | "api";
export const BLOB_KINDS: readonly BlobKind[] = ["segments", "state", "api"];

/** Folders beside the series. */
const RESERVED: ReadonlySet<string> = new Set(BLOB_KINDS);

/** True for what can be a series' name. */
export function isSeriesName(series: string): boolean {
  return SERIES_NAME.test(series) && !RESERVED.has(series);
}

/**
 * Checks a series' name, which becomes a folder of the bucket.
 * @throws SnapshotError "invalid"
 */
export function checkSeriesName(series: string): void {
  if (isSeriesName(series)) return;
  throw new SnapshotError({
    kind: "invalid",
    who: "snapshot",
    operation: `open series ${JSON.stringify(series)}`,
    problem:
      "a series is named with 1 to 63 lower-case letters, digits and inner hyphens, and not segments, state or api",
    next: "choose another name, for example default",
  });
}

/** "_snapshots/default/": where the manifests of a series lie. */
export function seriesPrefix(series: string): string {
  return `${SNAPSHOTS_PREFIX}${series}/`;
}

/** "_snapshots/default/0000000042.json". */
export function manifestKey(series: string, sequence: number): string {
  return `${seriesPrefix(series)}${String(sequence).padStart(SEQUENCE_DIGITS, "0")}.json`;
}

/** The sequence a manifest's key stands for; undefined when the key is no manifest of the series. */
export function sequenceOf(series: string, key: string): number | undefined {
  const prefix = seriesPrefix(series);
  if (!key.startsWith(prefix)) return undefined;
  const digits = /^(\d{10})\.json$/.exec(key.slice(prefix.length))?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** True for the key of a manifest, of any series. */
export function isManifestKey(key: string): boolean {
  return /^_snapshots\/[^/]+\/\d{10}\.json$/.test(key);
}

/** "_snapshots/segments/<sha256>.ndjson.zst", "_snapshots/api/<sha256>.json.zst"; what is encrypted ends in ".age". */
export function blobKey(kind: BlobKind, sha256: string, sealed = false): string {
  return `${SNAPSHOTS_PREFIX}${kind}/${sha256}.${kind === "api" ? "json" : "ndjson"}.zst${sealed ? ".age" : ""}`;
}

/** Where the objects of a segment lie. */
export function segmentKey({ sha256, sealed }: Pick<SegmentRef, "sha256" | "sealed">): string {
  return blobKey("segments", sha256, sealed !== undefined);
}

/** Where blobs of one kind lie: "_snapshots/segments/". */
export function blobPrefix(kind: BlobKind): string {
  return `${SNAPSHOTS_PREFIX}${kind}/`;
}

/** What a blob's key stands for whatever its ending: "segments/<sha256>"; undefined when the key is no blob's. */
export function blobIdOf(key: string): string | undefined {
  return /^_snapshots\/((?:segments|state|api)\/[0-9a-f]{64})\.[a-z.]+$/.exec(key)?.[1];
}
