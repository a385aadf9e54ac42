import type { BigIntStats } from "node:fs";
import { link, lstat, rename, utimes } from "node:fs/promises";
import { StorageError } from "../storage-error.ts";
import type { PutCondition } from "../store.ts";
import { errnoOf, FOLDER } from "./errors.ts";
import { makeFolders, removeHollowFolder, syncFolder } from "./folders.ts";
import { etagOf } from "./info.ts";
import { invalid, type Place, statIfAny } from "./place.ts";
import type { ReplaceLock } from "./replace-lock.ts";
import { removeIfAny, writeTemporary } from "./temporary-files.ts";

/** Concurrent deletes remove folders that became empty, and put starts again; so often in a row is no accident. */
const TRIES = 100;

/** One put. */
export interface Put {
  readonly key: string;
  readonly place: Place;
  readonly body: Uint8Array;
  readonly condition: PutCondition | undefined;
  readonly operation: string;
  readonly signal: AbortSignal;
  readonly lock: ReplaceLock;
}

/**
 * Writes and syncs a temporary file, gives it its name in one step, and syncs the name.
 * @returns the new etag
 */
export async function putFile(put: Put): Promise<string> {
  if (isIfAbsent(put.condition) && (await statIfAny(put.place.path))?.isFile() === true) throw conflict(put);
  const temporary = await writeTemporary(put.place.root, put.body, put.signal);
  try {
    const etag = await publish(put, temporary);
    await syncFolder(put.place.folder);
    return etag;
  } finally {
    await removeIfAny(temporary);
  }
}

async function publish(put: Put, temporary: string): Promise<string> {
  const { place, operation } = put;
  for (let tries = 1; tries <= TRIES; tries++) {
    put.signal.throwIfAborted();
    try {
      await makeFolders(place.root, place.folder, operation);
      return isIfMatch(put.condition) ? await replace(put, temporary) : await createOrReplace(put, temporary);
    } catch (error) {
      // A delete took a folder away between two of these steps, unless it is the root that has gone.
      if (errnoOf(error) !== "ENOENT" || (await statIfAny(place.root)) === undefined) throw error;
    }
  }
  const problem = "other processes keep removing its folder";
  throw new StorageError({ kind: "unavailable", who: FOLDER, operation, problem, next: "try again" });
}

/**
 * link(2) fails when the name is taken, and the kernel decides between two who try at once. What is not there yet needs
 * no lock therefore, also without a condition; most puts of a backup are such.
 */
async function createOrReplace(put: Put, temporary: string): Promise<string> {
  const stamped = await stamp(temporary, undefined);
  try {
    await link(temporary, put.place.path);
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
    if (!isIfAbsent(put.condition)) return replace(put, temporary);
    if ((await statIfAny(put.place.path))?.isDirectory() !== true) throw conflict(put);
    await clearFolder(put);
    return createOrReplace(put, temporary);
  }
  return etagOf(stamped);
}

function replace(put: Put, temporary: string): Promise<string> {
  return put.lock(put.place.root, put.signal, async () => {
    const old = await statIfAny(put.place.path);
    if (old?.isSymbolicLink() === true) throw invalid(put.operation, "it is a symbolic link");
    if (old?.isDirectory() === true) await clearFolder(put);
    if (isIfMatch(put.condition) && (old?.isFile() !== true || etagOf(old) !== put.condition.ifMatch)) {
      throw conflict(put);
    }
    const stamped = await stamp(temporary, old);
    await rename(temporary, put.place.path);
    return etagOf(stamped);
  });
}

/** S3 lets "a" and "a/b" be keys at once; a folder cannot. What holds no key may go. */
async function clearFolder({ key, place, operation }: Put): Promise<void> {
  if (await removeHollowFolder(place.path)) return;
  throw invalid(operation, `other keys lie below "${key}/", so that it is a folder here and cannot be an object too`);
}

/**
 * Gives each version of a key its own time. File systems reuse inodes at once and count time in steps of milliseconds:
 * without this, a version could have the etag of an older one.
 */
async function stamp(temporary: string, old: BigIntStats | undefined): Promise<BigIntStats> {
  const nowMs = Date.now() + Math.random();
  const atMs = old === undefined ? nowMs : Math.max(nowMs, Number(old.mtimeMs) + 1 + Math.random());
  await utimes(temporary, atMs / 1000, atMs / 1000);
  return lstat(temporary, { bigint: true });
}

function isIfAbsent(condition: PutCondition | undefined): boolean {
  return condition !== undefined && "ifAbsent" in condition;
}

function isIfMatch(condition: PutCondition | undefined): condition is { readonly ifMatch: string } {
  return condition !== undefined && "ifMatch" in condition;
}

function conflict({ operation, condition }: Put): StorageError {
  const problem = isIfAbsent(condition) ? "the key exists already" : "the object has changed or gone since it was read";
  return new StorageError({ kind: "conflict", who: FOLDER, operation, problem, next: "read it again" });
}
