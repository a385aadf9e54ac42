import type { Call } from "@kubeferry/model";
import type { ObjectInfo, ObjectReader } from "@kubeferry/object-store";
import { checkSeriesName, manifestKey, sequenceOf, seriesPrefix } from "./keys.ts";
import { checkParentLink } from "./manifest/parent-link.ts";
import { type ManifestOrigin, readManifest } from "./manifest/read-manifest.ts";
import { openSnapshot, type SnapshotTools } from "./snapshot.ts";
import { SnapshotError } from "./snapshot-error.ts";
import type { Snapshot, SnapshotSeries } from "./snapshots.ts";

/** A manifest as a listing sees it. */
export interface ListedSnapshot {
  readonly sequence: number;
  readonly key: string;
  readonly sizeBytes: number;
  readonly modifiedAt: Date;
}

/** How often `newest` looks again when the manifest it found was pruned before it could be read. */
const TRIES = 3;

/** How a series is read. */
export interface SeriesOptions extends ManifestOrigin, SnapshotTools {}

/**
 * The snapshots of one series.
 * @param store prefixed to the cluster's root, `{domain}/{cluster}/`
 * @throws SnapshotError "invalid" for a series that cannot be a folder's name
 */
export function openSeries(store: ObjectReader, series: string, options: SeriesOptions = {}): SnapshotSeries {
  checkSeriesName(series);
  /** The digest of the manifest read last: a listing reads them in a row, and each is the next one's parent. */
  const last = { sequence: 0, sha256: "" };
  async function read(key: string, call: Call): Promise<Snapshot | undefined> {
    const stored = await readManifest(store, series, key, call, options);
    if (stored === undefined) return undefined;
    const { sequence, parent } = stored.manifest;
    const known = last.sequence === sequence - 1 && last.sha256 === parent;
    if (options.trust !== undefined && !known) await checkParentLink(store, stored, call);
    Object.assign(last, { sequence, sha256: stored.sha256 });
    return openSnapshot(store, stored, options);
  }
  return {
    async newest(call) {
      for (let tries = 1; ; tries++) {
        const listed = await lastOf(listSnapshots(store, series, undefined, call));
        if (listed === undefined) return undefined;
        const snapshot = await read(listed.key, call);
        if (snapshot !== undefined) return snapshot;
        if (tries === TRIES) throw notFound(series, listed.sequence);
      }
    },
    async at(sequence, call): Promise<Snapshot> {
      const snapshot = await read(manifestKey(series, sequence), call);
      if (snapshot === undefined) throw notFound(series, sequence);
      return snapshot;
    },
    list: (call) => listSnapshots(store, series, undefined, call),
  };
}

/** Lists the manifests of a series in order of their sequence, only those after `after` when that is given. */
export async function* listSnapshots(
  store: ObjectReader,
  series: string,
  after: number | undefined,
  call: Call,
): AsyncIterable<ListedSnapshot> {
  const startAfter = after === undefined ? {} : { startAfter: manifestKey(series, after) };
  for await (const entry of store.list(seriesPrefix(series), { delimiter: "/", ...startAfter }, call)) {
    const listed = entry.type === "object" ? listedSnapshot(series, entry.object) : undefined;
    if (listed !== undefined) yield listed;
  }
}

function listedSnapshot(series: string, { key, sizeBytes, modifiedAt }: ObjectInfo): ListedSnapshot | undefined {
  const sequence = sequenceOf(series, key);
  return sequence === undefined ? undefined : { sequence, key, sizeBytes, modifiedAt };
}

async function lastOf<Item>(items: AsyncIterable<Item>): Promise<Item | undefined> {
  let last: Item | undefined;
  for await (const item of items) last = item;
  return last;
}

function notFound(series: string, sequence: number): SnapshotError {
  return new SnapshotError({
    kind: "not-found",
    who: "snapshot",
    operation: `read ${manifestKey(series, sequence)}`,
    problem: "there is no such snapshot, or it was pruned",
    next: "kubeferry snapshots list names those that are there",
  });
}
