import type { Buffer } from "node:buffer";
import type { Call } from "@kubeferry/model";
import { type ObjectStore, StorageError } from "@kubeferry/object-store";
import { compressFrame } from "../blob/compress.ts";
import { sha256Hex } from "../blob/digest.ts";
import { createInFlight } from "../in-flight.ts";
import { type BlobKind, blobKey } from "../keys.ts";
import type { BlobRef } from "../manifest.ts";

/** The blobs one run stores. */
export interface Uploads {
  /** Compresses the bytes and starts to store them; waits only while too many are on their way. */
  add(kind: BlobKind, raw: Buffer, call: Call): Promise<BlobRef>;
  /** Waits until all are stored. @throws what the first failed upload threw */
  settle(): Promise<void>;
  /** True when this run itself put the blob: then nobody can have removed it as unnamed since long ago. */
  stored(key: string): boolean;
}

/**
 * @param limit how many blobs are on their way, and so in memory, at once
 */
export function createUploads(store: ObjectStore, limit: number): Uploads {
  const inFlight = createInFlight(limit);
  const started = new Set<string>();
  const stored = new Set<string>();
  return {
    async add(kind, raw, call) {
      const bytes = await compressFrame(raw);
      const sha256 = sha256Hex(bytes);
      const key = blobKey(kind, sha256);
      if (!started.has(key)) {
        started.add(key);
        await inFlight.start(async () => {
          if (await putBlob(store, key, bytes, call)) stored.add(key);
        });
      }
      return { sha256, sizeBytes: bytes.length };
    },
    async settle() {
      await inFlight.settle();
      inFlight.throwIfFailed();
    },
    stored: (key) => stored.has(key),
  };
}

/** @returns false when the blob was there already */
async function putBlob(store: ObjectStore, key: string, bytes: Buffer, call: Call): Promise<boolean> {
  const contentType = "application/zstd";
  try {
    await store.put(key, bytes, { condition: { ifAbsent: true }, contentType }, call);
    return true;
  } catch (error) {
    if (!(error instanceof StorageError) || error.kind !== "conflict") throw error;
  }
  // Its name is its digest, so what stands there is the same, unless it was cut short: the commit would refuse to name
  // that, and so would every later one.
  const found = await store.head(key, call);
  if (found?.sizeBytes === bytes.length) return false;
  call.log.warn("blob of another size replaced", {
    operation: "snapshot_write",
    key,
    sizeBytes: bytes.length,
    foundBytes: found?.sizeBytes,
  });
  await store.put(key, bytes, { contentType }, call);
  return true;
}
