import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { TestbedError } from "../errors.ts";
import { identifyProcess, isAlive, type ProcessIdentity } from "./identity.ts";

/** A lock without an owner written in it is being made, or its maker died in between. */
const ownerlessForMs = 10_000;
const pollMs = 50;

/** How one waits for a lock. */
export interface LockWait {
  readonly timeoutMs: number;
  /** Called once when the lock is held by somebody else. */
  readonly onWait?: (holder: ProcessIdentity | undefined) => void;
}

/**
 * Runs `work` while holding the lock folder `path` (mkdir either makes it or says that it is there).
 * A lock whose holder no longer runs is taken over.
 * @throws TestbedError "locked" when the holder keeps it longer than `timeoutMs`.
 */
export async function withLock<T>(path: string, wait: LockWait, work: () => Promise<T>): Promise<T> {
  await acquire(path, wait);
  try {
    return await work();
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

async function acquire(path: string, wait: LockWait): Promise<void> {
  const giveUpAt = Date.now() + wait.timeoutMs;
  let told = false;
  while (!(await tryMake(path))) {
    if (!told) wait.onWait?.(await readOwner(path));
    told = true;
    if (await isStale(path)) await breakLock(path);
    else if (Date.now() > giveUpAt) throw heldTooLong(path, await readOwner(path), wait.timeoutMs);
    else await sleep(pollMs);
  }
}

async function tryMake(path: string): Promise<boolean> {
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  await writeFile(ownerFile(path), JSON.stringify(identifyProcess(process.pid)));
  return true;
}

/** Two waiters may find the same lock stale: the guard lets one look again and remove it. */
async function breakLock(path: string): Promise<void> {
  const guard = `${path}.breaking`;
  try {
    await mkdir(guard);
  } catch {
    if (await isOlderThan(guard, ownerlessForMs)) await rm(guard, { recursive: true, force: true });
    else await sleep(pollMs);
    return;
  }
  try {
    if (!(await isStale(path))) return;
    const aside = `${path}.stale-${process.pid}`;
    await rename(path, aside);
    await rm(aside, { recursive: true, force: true });
  } finally {
    await rm(guard, { recursive: true, force: true });
  }
}

async function isStale(path: string): Promise<boolean> {
  const owner = await readOwner(path);
  return owner === undefined ? await isOlderThan(path, ownerlessForMs) : !isAlive(owner);
}

async function isOlderThan(path: string, ageMs: number): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > ageMs;
  } catch {
    // It is gone: whoever asked tries again.
    return false;
  }
}

async function readOwner(path: string): Promise<ProcessIdentity | undefined> {
  try {
    return JSON.parse(await readFile(ownerFile(path), "utf8")) as ProcessIdentity;
  } catch {
    // Gone, or half written.
    return undefined;
  }
}

function ownerFile(path: string): string {
  return join(path, "owner.json");
}

function heldTooLong(path: string, owner: ProcessIdentity | undefined, timeoutMs: number): TestbedError {
  return new TestbedError({
    kind: "locked",
    who: "testbed",
    operation: `lock ${path}`,
    problem: `process ${owner?.pid ?? "?"} has held it for more than ${Math.round(timeoutMs / 1000)} s`,
    next: "wait for it, or end that process",
  });
}
