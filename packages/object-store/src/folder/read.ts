import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { StorageError } from "../storage-error.ts";
import type { StoredObject } from "../store.ts";
import { errnoOf, FOLDER, toFolderError } from "./errors.ts";
import { infoOf } from "./info.ts";

/** One read's size: large enough that a segment takes a few reads only. */
const CHUNK_BYTES = 1024 * 1024;

/** What is read, for whom. */
export interface Reading {
  readonly key: string;
  readonly path: string;
  readonly operation: string;
  readonly signal: AbortSignal;
}

/**
 * Opens a file once and takes all from it: a put that replaces it meanwhile does not mix two versions.
 * @returns undefined when there is no file
 */
export async function readObject(reading: Reading): Promise<StoredObject | undefined> {
  const handle = await openIfAny(reading.path);
  if (handle === undefined) return undefined;
  try {
    const stats = await handle.stat({ bigint: true });
    if (!stats.isFile()) {
      await handle.close();
      return undefined;
    }
    const info = infoOf(reading.key, stats, reading.operation);
    return { ...info, body: await bodyOf(handle, info.sizeBytes, reading) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openIfAny(path: string): Promise<FileHandle | undefined> {
  try {
    // O_NONBLOCK: a named pipe in the folder must not hang the reader.
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = errnoOf(error);
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return undefined;
    throw error;
  }
}

/** Small bodies are read at once, so that a caller who looks at the size only holds no file open. */
async function bodyOf(handle: FileHandle, sizeBytes: number, reading: Reading): Promise<AsyncIterable<Uint8Array>> {
  const chunks = chunksOf(handle, sizeBytes, reading);
  if (sizeBytes > CHUNK_BYTES) return closedOnAbort(chunks, handle, reading.signal);
  const read: Uint8Array[] = [];
  for await (const chunk of chunks) read.push(chunk);
  return inMemory(read);
}

async function* inMemory(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function* chunksOf(handle: FileHandle, sizeBytes: number, reading: Reading): AsyncGenerator<Uint8Array> {
  const { operation, signal } = reading;
  try {
    let left = sizeBytes;
    while (left > 0) {
      signal.throwIfAborted();
      const { bytesRead, buffer } = await handle.read({ buffer: new Uint8Array(Math.min(left, CHUNK_BYTES)) });
      if (bytesRead === 0) throw cutShort(operation, left);
      left -= bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : toFolderError(error, operation);
  } finally {
    await handle.close();
  }
}

/** A generator that was never started runs no `finally`: the file of an untouched body is closed when the run stops. */
function closedOnAbort<T>(chunks: AsyncGenerator<T>, handle: FileHandle, signal: AbortSignal): AsyncGenerator<T> {
  const close = (): void => void handle.close();
  signal.addEventListener("abort", close, { once: true });
  return (async function* () {
    try {
      yield* chunks;
    } finally {
      signal.removeEventListener("abort", close);
    }
  })();
}

function cutShort(operation: string, leftBytes: number): StorageError {
  const problem = `the file ended ${leftBytes} bytes early, because something else writes to it`;
  return new StorageError({ kind: "unavailable", who: FOLDER, operation, problem, next: "read it again" });
}
