import { StorageError, type StorageErrorKind } from "../storage-error.ts";

/** Who speaks in this driver's messages. */
export const FOLDER = "folder";

/** What an operating system's error code means for the caller. Codes left out are "unavailable". */
const MEANINGS: Readonly<Record<string, { kind: StorageErrorKind; problem: string; next?: string }>> = {
  EACCES: { kind: "denied", problem: "the operating system refuses access", next: "check who owns store.path" },
  EPERM: { kind: "denied", problem: "the operating system refuses access", next: "check who owns store.path" },
  EROFS: { kind: "denied", problem: "the file system is read-only", next: "check store.path" },
  ENOSPC: { kind: "unavailable", problem: "the file system is full", next: "free space, or move store.path" },
  EDQUOT: { kind: "unavailable", problem: "the disk quota is used up", next: "free space, or move store.path" },
  ENAMETOOLONG: { kind: "invalid", problem: "the file system takes no name as long as this" },
  ENOTDIR: { kind: "invalid", problem: "a part of the key is an object here, and a folder cannot have its name too" },
  ELOOP: { kind: "invalid", problem: "there is a symbolic link, and a store holds real files and folders only" },
  EXDEV: { kind: "invalid", problem: "the folder spans more than one file system" },
};

/** Turns what node:fs throws into a StorageError; StorageErrors and AbortErrors pass as they are. */
export function toFolderError(error: unknown, operation: string): unknown {
  const code = errnoOf(error);
  if (code === undefined || error instanceof StorageError) return error;
  const meaning = MEANINGS[code] ?? { kind: "unavailable", problem: `the operating system answers ${code}` };
  return new StorageError({ who: FOLDER, operation, cause: error, ...meaning });
}

/** The error code of a failed system call: "ENOENT"; undefined for other errors. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("syscall" in error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
