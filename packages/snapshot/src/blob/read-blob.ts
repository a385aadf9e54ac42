import { Buffer } from "node:buffer";
import type { Call } from "@kubeferry/model";
import type { ObjectReader, StoredObject } from "@kubeferry/object-store";
import { type BlobKind, blobKey, isManifestKey } from "../keys.ts";
import type { BlobRef } from "../manifest.ts";
import { SnapshotError } from "../snapshot-error.ts";
import { openFrame } from "./compress.ts";
import { sha256Hex } from "./digest.ts";

/** No blob is larger, stored or opened: whatever a manifest says, a reader spools no more than this. */
export const MAX_BLOB_BYTES = 256 * 1024 * 1024;

/**
 * Reads a blob into memory, compares size and digest with what the manifest says, and only then opens it.
 * @param maxRawBytes the most it may open to
 * @throws SnapshotError "damaged" naming the key
 */
export async function readBlob(
  store: ObjectReader,
  kind: BlobKind,
  ref: BlobRef,
  maxRawBytes: number,
  call: Call,
): Promise<Buffer> {
  const key = blobKey(kind, ref.sha256);
  return openBlob(key, await readStored(store, key, ref, call), maxRawBytes);
}

/**
 * Reads a blob as it is stored, and compares size and digest with what the manifest says.
 * @throws SnapshotError "damaged" naming the key
 */
export async function readStored(store: ObjectReader, key: string, ref: BlobRef, call: Call): Promise<Buffer> {
  const stored = await spool(store, key, ref, call);
  if (sha256Hex(stored) !== ref.sha256) throw damaged(key, "its bytes have another digest than its name");
  return stored;
}

/** @throws SnapshotError "damaged" when the bytes are not one frame within the limit */
export async function openBlob(key: string, frame: Buffer, maxRawBytes: number): Promise<Buffer> {
  try {
    return await openFrame(frame, maxRawBytes);
  } catch (cause) {
    throw damaged(key, `it ${cause instanceof Error ? cause.message : "cannot be opened"}`, cause);
  }
}

/** An error for bytes that are missing or are not what they should be. */
export function damaged(key: string, problem: string, cause?: unknown): SnapshotError {
  return new SnapshotError({
    kind: "damaged",
    who: "snapshot",
    operation: `read ${key}`,
    key,
    problem,
    next: isManifestKey(key)
      ? "no other snapshot needs it: move it out of its folder to go on without it"
      : "snapshots that do not name it are not harmed; kubeferry snapshots verify says what else is",
    cause,
  });
}

async function spool(store: ObjectReader, key: string, ref: BlobRef, call: Call): Promise<Buffer> {
  if (ref.sizeBytes > MAX_BLOB_BYTES) throw damaged(key, `the manifest says ${ref.sizeBytes} bytes, more than allowed`);
  const found = await store.get(key, call);
  if (found === undefined) throw damaged(key, "it is missing");
  const bytes = await readAtMost(found, ref.sizeBytes);
  if (bytes?.length !== ref.sizeBytes)
    throw damaged(key, `it does not have the ${ref.sizeBytes} bytes of the manifest`);
  return bytes;
}

/**
 * Reads a body into memory.
 * @returns undefined as soon as there is more than `limit` bytes of it
 */
export async function readAtMost(found: StoredObject, limit: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of found.body) {
    length += chunk.length;
    if (length > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
