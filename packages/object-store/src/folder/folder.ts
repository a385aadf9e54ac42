import { mkdir, stat, unlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Call } from "@kubeferry/model";
import { checkKey, checkListing } from "../key.ts";
import { StorageError } from "../storage-error.ts";
import type { ListEntry, ListOptions, ObjectStore } from "../store.ts";
import { errnoOf, FOLDER, toFolderError } from "./errors.ts";
import { removeEmptyFolders, syncFolder } from "./folders.ts";
import { infoOf } from "./info.ts";
import { walk } from "./list.ts";
import { folderExists, invalid, missingRoot, type Place, placeOf, realRoot, statIfAny } from "./place.ts";
import { putFile } from "./put.ts";
import { readObject } from "./read.ts";
import { createReplaceLock, type ReplaceLock } from "./replace-lock.ts";
import { makePrivateFolder, sweepTemporaryFiles } from "./temporary-files.ts";

/** Where a folder store lies. */
export interface FolderStoreOptions {
  /** Absolute, or from the working directory: "./store". */
  readonly path: string;
  /** Whether `prepare` makes the folder when it is missing. Nothing else ever makes it. */
  readonly autoCreate: boolean;
}

/** What every operation is given. */
interface Folder {
  readonly path: string;
  readonly lock: ReplaceLock;
}

/**
 * An object store in a folder of the local file system: one file an object, at the path that is its key. Files are
 * mode 0600, folders 0700.
 * @throws StorageError from each operation as the interface says, also "invalid" for symbolic links below the folder
 * and for a key that another key lies below: a file system cannot hold both "a" and "a/b"
 */
export function createFolderStore(options: FolderStoreOptions): ObjectStore {
  const folder: Folder = { path: resolve(options.path), lock: createReplaceLock() };
  const { path } = folder;
  return {
    description: `folder ${options.path}`,
    prepare: (call) => guarded(path, "prepare", call, () => prepare(folder, options.autoCreate, call)),
    get: (key, call) =>
      atPlace(folder, "get", key, call, async (place, operation) => {
        if (!(await folderExists(place.folder, operation))) return undefined;
        return readObject({ key, path: place.path, operation, signal: call.signal });
      }),
    head: (key, call) =>
      atPlace(folder, "head", key, call, async (place, operation) => {
        const stats = (await folderExists(place.folder, operation)) ? await statIfAny(place.path) : undefined;
        return stats === undefined || stats.isDirectory() ? undefined : infoOf(key, stats, operation);
      }),
    list: (prefix, listOptions, call) => list(folder, prefix, listOptions, call),
    put: (key, body, { condition }, call) =>
      atPlace(folder, "put", key, call, async (place, operation) => ({
        etag: await putFile({ key, place, body, condition, operation, signal: call.signal, lock: folder.lock }),
      })),
    delete: (key, call) =>
      atPlace(folder, "delete", key, call, (place, operation) => remove(folder.lock, place, operation, call)),
  };
}

async function prepare({ path }: Folder, autoCreate: boolean, call: Call): Promise<void> {
  if (autoCreate) await makeRoot(path);
  const root = await realRoot(path, "prepare");
  const removed = await sweepTemporaryFiles(root, Date.now());
  if (removed > 0)
    call.log.info("abandoned temporary files removed", { operation: "store_prepare", folder: path, files: removed });
}

async function makeRoot(path: string): Promise<void> {
  try {
    if ((await mkdir(path, { recursive: true, mode: 0o700 })) !== undefined) await syncFolder(dirname(path));
  } catch (error) {
    const code = errnoOf(error);
    if (code !== "EEXIST" && code !== "ENOTDIR") throw error;
    throw new StorageError({
      kind: "invalid",
      who: FOLDER,
      operation: "prepare",
      problem: `${path} is a file, or leads through one`,
      next: "check store.path",
    });
  }
}

async function remove(lock: ReplaceLock, place: Place, operation: string, call: Call): Promise<void> {
  if (!(await folderExists(place.folder, operation))) return;
  await makePrivateFolder(place.root);
  await lock(place.root, call.signal, async () => {
    const stats = await statIfAny(place.path);
    if (stats?.isSymbolicLink() === true) throw invalid(operation, "it is a symbolic link");
    if (stats?.isFile() === true) await unlink(place.path);
  });
  await syncFolder(await removeEmptyFolders(place.root, place.folder));
}

async function* list(folder: Folder, prefix: string, options: ListOptions, call: Call): AsyncGenerator<ListEntry> {
  const { path } = folder;
  const operation = `list ${prefix}`;
  try {
    call.signal.throwIfAborted();
    checkListing(prefix, options, FOLDER, operation);
    const root = await realRoot(path, operation);
    const before = await stat(root, { bigint: true });
    if (prefix === "" || (await prefixExists(root, prefix, operation))) {
      yield* walk(prefix, { root, options, operation, signal: call.signal });
    }
    // A disk that went away in the middle must not look like objects that went away.
    const after = await stat(await realRoot(path, operation), { bigint: true });
    if (after.ino !== before.ino || after.dev !== before.dev) throw replacedRoot(path, operation);
  } catch (error) {
    throw toFolderError(error, operation);
  }
}

function prefixExists(root: string, prefix: string, operation: string): Promise<boolean> {
  placeOf(root, prefix.slice(0, -1), operation);
  return folderExists(join(root, ...prefix.slice(0, -1).split("/")), operation);
}

function replacedRoot(path: string, operation: string): StorageError {
  const problem = `${path} became another folder while it was listed`;
  return new StorageError({ kind: "unavailable", who: FOLDER, operation, problem, next: "list again" });
}

function atPlace<T>(
  folder: Folder,
  verb: string,
  key: string,
  call: Call,
  work: (place: Place, operation: string) => Promise<T>,
): Promise<T> {
  const operation = `${verb} ${key}`;
  return guarded(folder.path, operation, call, async () => {
    checkKey(key, FOLDER, operation);
    return work(placeOf(await realRoot(folder.path, operation), key, operation), operation);
  });
}

async function guarded<T>(path: string, operation: string, call: Call, work: () => Promise<T>): Promise<T> {
  try {
    call.signal.throwIfAborted();
    return await work();
  } catch (error) {
    // Each missing key has been answered by now: what is missing here is the root, gone in the middle.
    if (errnoOf(error) === "ENOENT") throw missingRoot(path, operation);
    throw toFolderError(error, operation);
  }
}
