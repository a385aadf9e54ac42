import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errnoOf } from "./errors.ts";
import { PRIVATE_FOLDER } from "./place.ts";

/** Older than any put can take; what is left then belongs to a process that died. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;

const ENDING = ".part";

/**
 * Writes the bytes, whole and synced, beside the objects but under no key.
 * @returns the file's path; the caller links or renames it to its key, or unlinks it
 */
export async function writeTemporary(root: string, body: Uint8Array, signal: AbortSignal): Promise<string> {
  const path = join(root, PRIVATE_FOLDER, `${randomUUID()}${ENDING}`);
  const handle = await openNew(path);
  try {
    await handle.writeFile(body, { signal });
    await handle.sync();
  } catch (error) {
    await handle.close();
    await removeIfAny(path);
    throw error;
  }
  await handle.close();
  return path;
}

async function openNew(path: string): Promise<FileHandle> {
  try {
    return await open(path, "wx", 0o600);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
  }
  await makePrivateFolder(dirname(dirname(path)));
  return open(path, "wx", 0o600);
}

/** Makes the folder for temporary files and the lock; an existing one stays as it is. */
export async function makePrivateFolder(root: string): Promise<void> {
  try {
    // Not recursive: a root that has gone must not come back as an empty one.
    await mkdir(join(root, PRIVATE_FOLDER), { mode: 0o700 });
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
  }
}

/** Removes what killed processes left behind. @returns how many files went */
export async function sweepTemporaryFiles(root: string, now: number): Promise<number> {
  let removed = 0;
  for (const name of await namesIn(join(root, PRIVATE_FOLDER))) {
    if (!name.endsWith(ENDING)) continue;
    const path = join(root, PRIVATE_FOLDER, name);
    if (now - (await modifiedAt(path)) <= ABANDONED_AFTER_MS) continue;
    await removeIfAny(path);
    removed++;
  }
  return removed;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return [];
    throw error;
  }
}

async function modifiedAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return Number.POSITIVE_INFINITY;
    throw error;
  }
}

/** Unlinks a file that may have gone already. */
export async function removeIfAny(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
  }
}
