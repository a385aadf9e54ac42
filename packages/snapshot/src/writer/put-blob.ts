import type { Buffer } from "node:buffer";
import type { Call } from "@kubeferry/model";
import { type ObjectInfo, type ObjectStore, StorageError } from "@kubeferry/object-store";

/** Where blobs are put, and what prune may do there. */
export interface BlobPlace {
  readonly store: ObjectStore;
  /** True for bytes that are so old that prune may be about to remove them, should nobody name them. */
  readonly isOld: (found: ObjectInfo) => boolean;
  /** True for bytes that the parent names: they stay as long as this run can commit. */
  readonly isNamedByParent: (key: string) => boolean;
}

/**
 * Stores a blob under its digest.
 * @returns "stored": nothing was there. "there": it was there already, and stays. "written-again": it was there, and
 * might have gone any moment; a removal that was decided upon before may still be under way
 */
export async function putBlob(
  place: BlobPlace,
  key: string,
  bytes: Buffer,
  call: Call,
): Promise<"stored" | "there" | "written-again"> {
  const contentType = "application/zstd";
  try {
    await place.store.put(key, bytes, { condition: { ifAbsent: true }, contentType }, call);
    return "stored";
  } catch (error) {
    if (!(error instanceof StorageError) || error.kind !== "conflict") throw error;
  }
  const found = await place.store.head(key, call);
  if (found !== undefined && staysAsItIs(place, found, bytes, call)) return "there";
  await place.store.put(key, bytes, { contentType }, call);
  return "written-again";
}

function staysAsItIs(place: BlobPlace, found: ObjectInfo, bytes: Buffer, call: Call): boolean {
  // Its name is its digest, so what stands there is the same, unless it was cut short: the commit would refuse to name
  // that, and so would every later one.
  if (found.sizeBytes === bytes.length) return place.isNamedByParent(found.key) || !place.isOld(found);
  const sizes = { sizeBytes: bytes.length, foundBytes: found.sizeBytes };
  call.log.warn("blob of another size replaced", { operation: "snapshot_write", key: found.key, ...sizes });
  return false;
}
