import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StorageError } from "../storage-error.ts";
import { FOLDER } from "./errors.ts";
import { PRIVATE_FOLDER } from "./place.ts";

const SQLITE_BUSY = 5;
const LONGEST_PAUSE_MS = 16;
/** No journal on disk: nothing is ever written, and a killed process must leave nothing that has to be recovered. */
const LOCK = "PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE";

/** Runs one replacing step at a time, over all processes that use the folder. */
export type ReplaceLock = <T>(root: string, signal: AbortSignal, step: () => Promise<T>) => Promise<T>;

/**
 * A lock that the kernel takes back when its process dies. Node offers neither flock nor fcntl, and a lock file made
 * with O_EXCL cannot be told from one that a killed process left; but the SQLite that Node brings locks its files with
 * fcntl. The file stays empty: it is opened, locked, and let go.
 */
export function createReplaceLock(): ReplaceLock {
  let last: Promise<unknown> = Promise.resolve();
  return (root, signal, step) => {
    // fcntl locks belong to the process, so that within one the steps queue up here.
    const turn = last.then(() => withFileLock(join(root, PRIVATE_FOLDER, "lock"), signal, step));
    last = turn.catch(() => undefined);
    return turn;
  };
}

async function withFileLock<T>(path: string, signal: AbortSignal, step: () => Promise<T>): Promise<T> {
  const { DatabaseSync } = await import("node:sqlite");
  const file = attempt(() => new DatabaseSync(path)) ?? raise("the lock file is busy while it is opened");
  try {
    let pauseMs = 1;
    while (attempt(() => [file.exec(LOCK)]) === undefined) {
      await sleep(pauseMs * Math.random(), undefined, { signal });
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
    return await step();
  } finally {
    file.close();
  }
}

/** @returns undefined when another process holds the lock */
function attempt<T>(lock: () => T): T | undefined {
  try {
    return lock();
  } catch (error) {
    const code = error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : undefined;
    if (code === SQLITE_BUSY) return undefined;
    return raise(`its file system gives no lock on ${PRIVATE_FOLDER}/lock`, error);
  }
}

function raise(problem: string, cause?: unknown): never {
  const next = "check who owns store.path, and that its file system has file locks";
  throw new StorageError({ kind: "denied", who: FOLDER, operation: "lock the folder", problem, next, cause });
}
