import type { BigIntStats } from "node:fs";
import { lstat, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { StorageError } from "../storage-error.ts";
import { errnoOf, FOLDER } from "./errors.ts";

/** What this driver keeps for itself in the root: temporary files and the lock. No key lies there. */
export const PRIVATE_FOLDER = ".kubeferry-store";

/** Where a key lies on disk. */
export interface Place {
  /** The root with its own symbolic links resolved. */
  readonly root: string;
  readonly folder: string;
  readonly path: string;
}

/**
 * The root folder's real path; asked anew for every operation, so that a root that has gone is seen at once.
 * @throws StorageError "not-found" when there is no such folder
 */
export async function realRoot(path: string, operation: string): Promise<string> {
  // With a slash at its end, a file of that name is no answer.
  const root = await unlessMissing(realpath(`${path}${sep}`));
  if (root === undefined) throw missingRoot(path, operation);
  return root;
}

/** The error for a root that is not there. */
export function missingRoot(path: string, operation: string): StorageError {
  return new StorageError({
    kind: "not-found",
    who: FOLDER,
    operation,
    problem: `there is no folder ${path}`,
    next: "check store.path, or create the folder",
  });
}

/** @throws StorageError "invalid" for keys in the private folder, and for backslashes where they separate folders */
export function placeOf(root: string, key: string, operation: string): Place {
  const segments = key.split("/");
  if (segments[0] === PRIVATE_FOLDER) {
    throw invalid(operation, `${PRIVATE_FOLDER}/ is where the store keeps its temporary files`);
  }
  if (sep === "\\" && /[\\:*?"<>|]/.test(key)) {
    throw invalid(operation, "Windows takes none of \\ : * ? \" < > | in a file's name");
  }
  return { root, folder: join(root, ...segments.slice(0, -1)), path: join(root, ...segments) };
}

/**
 * Whether the folder exists as it is written. Symbolic links below the root are refused, wherever they lead: none of
 * them is ours, and one that leads out would let a key reach any file.
 * @throws StorageError "invalid" for a symbolic link
 */
export async function folderExists(folder: string, operation: string): Promise<boolean> {
  const real = await unlessMissing(realpath(folder));
  if (real === undefined) return false;
  if (real !== folder) {
    throw invalid(operation, "its path leads over a symbolic link, and a store holds real files and folders only");
  }
  return true;
}

/** @returns undefined when nothing is there */
export function statIfAny(path: string): Promise<BigIntStats | undefined> {
  return unlessMissing(lstat(path, { bigint: true }));
}

/** A file where a folder was expected is as good as nothing: no key can lie below it. */
async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    const code = errnoOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** An error for what a folder cannot hold. */
export function invalid(operation: string, problem: string): StorageError {
  return new StorageError({ kind: "invalid", who: FOLDER, operation, problem });
}
