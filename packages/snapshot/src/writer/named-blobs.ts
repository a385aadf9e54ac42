import type { Call } from "@kubeferry/model";
import type { ObjectReader } from "@kubeferry/object-store";
import pMap from "p-map";
import { type BlobKind, blobKey, segmentKey } from "../keys.ts";
import type { BlobRef, SegmentRef, SnapshotManifest } from "../manifest.ts";
import type { Snapshot } from "../snapshots.ts";

/** A blob with its key. */
export interface NamedBlob {
  readonly key: string;
  readonly sizeBytes: number;
}

/** The two blobs a segment stands for. */
export function blobsOfSegment(segment: SegmentRef): NamedBlob[] {
  return [{ key: segmentKey(segment), sizeBytes: segment.sizeBytes }, namedBlob("state", segment.state)];
}

/** A blob's key and size. */
export function namedBlob(kind: BlobKind, { sha256, sizeBytes }: BlobRef): NamedBlob {
  return { key: blobKey(kind, sha256), sizeBytes };
}

/** Every blob of a snapshot. */
export function blobsOfManifest({ types, api }: SnapshotManifest): NamedBlob[] {
  return [...types.flatMap(({ segments }) => segments.flatMap(blobsOfSegment)), namedBlob("api", api)];
}

/** Tells whether a snapshot names a key; its keys are gathered when that is first asked. */
export function namedBy(snapshot: Snapshot | undefined): (key: string) => boolean {
  const gathered: { keys?: ReadonlySet<string> } = {};
  return (key) => {
    gathered.keys ??= new Set(snapshot === undefined ? [] : blobsOfManifest(snapshot.manifest).map((blob) => blob.key));
    return gathered.keys.has(key);
  };
}

/**
 * Asks the store for each blob.
 * @returns keys of those that are missing or have another size
 */
export async function missingBlobs(
  store: ObjectReader,
  blobs: readonly NamedBlob[],
  concurrency: number,
  call: Call,
): Promise<Set<string>> {
  const missing = new Set<string>();
  await pMap(
    blobs,
    async ({ key, sizeBytes }) => {
      const found = await store.head(key, call);
      if (found?.sizeBytes !== sizeBytes) missing.add(key);
    },
    { concurrency },
  );
  return missing;
}
