import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { identifyProcess, isAlive, type ProcessIdentity } from "../processes/identity.ts";

/**
 * A run is a folder below the testbed's home that names everything it started: a record for each
 * process, its log, and its data. Whoever finds the folder can end the run, also after a crash.
 */
export interface Run {
  readonly folder: string;
  readonly id: string;
}

/** What a run is for: `up` stays until `down`, `tests` belongs to a process and ends with it. */
export interface RunOwner {
  readonly kind: "up" | "tests";
  readonly process?: ProcessIdentity;
}

/** One started process, as written to the run's folder. */
export interface ProcessRecord extends ProcessIdentity {
  readonly name: string;
  /** Later ones need earlier ones. */
  readonly order: number;
  readonly command: string;
  readonly log: string;
}

/** Makes the folder of a new run. */
export function createRun(home: string, kind: RunOwner["kind"]): Run {
  const id = `${kind}-${process.pid}-${randomBytes(4).toString("hex")}`;
  const run = openRun(join(home, id));
  mkdirSync(join(run.folder, "processes"), { recursive: true, mode: 0o700 });
  const self = identifyProcess(process.pid);
  const owner: RunOwner = kind === "tests" && self !== undefined ? { kind, process: self } : { kind };
  writeJson(join(run.folder, "run.json"), owner);
  return run;
}

/** A run that another process made. */
export function openRun(folder: string): Run {
  return { folder, id: basename(folder) };
}

/** Every run below `home`, ended ones excepted. */
export function listRuns(home: string): Run[] {
  if (!existsSync(home)) return [];
  return readdirSync(home)
    .map((id) => openRun(join(home, id)))
    .filter((run) => ownerOf(run) !== undefined);
}

/** @returns undefined when the run has been removed meanwhile. */
export function ownerOf(run: Run): RunOwner | undefined {
  return readJson<RunOwner>(join(run.folder, "run.json"));
}

/** Whether nobody will end this run but `down`: it was made by `up`, or its owner died. */
export function isLeftBehind(run: Run): boolean {
  const owner = ownerOf(run);
  return owner?.process === undefined || !isAlive(owner.process);
}

/** @returns what the run started, in the order of starting. */
export function processesOf(run: Run): ProcessRecord[] {
  const folder = join(run.folder, "processes");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((file) => (file.endsWith(".json") ? readJson<ProcessRecord>(join(folder, file)) : undefined))
    .filter((record) => record !== undefined)
    .sort((a, b) => a.order - b.order);
}

/** Keeps a process's record; written before anything waits for the process. */
export function recordProcess(run: Run, record: ProcessRecord): void {
  writeJson(join(run.folder, "processes", `${record.name}.json`), record);
}

/** Forgets a process that has ended. */
export function forgetProcess(run: Run, name: string): void {
  rmSync(join(run.folder, "processes", `${name}.json`), { force: true });
}

const TEMPORARY = "temporary.json";

/**
 * Makes the folder for what tests and the programs they start write into the system's temporary folder: it goes with the
 * run, whoever ends that. Its name is short, because of a socket's path (gpg's) there are 107 bytes.
 */
export function makeTemporaryFolder(run: Run): string {
  const folder = mkdtempSync(join(tmpdir(), "kf-"));
  writeJson(join(run.folder, TEMPORARY), folder);
  return folder;
}

/** Removes logs, data, records and temporary files. Servers that were just killed may still be writing: tried again. */
export function removeRun(run: Run): void {
  const temporary = readJson<string>(join(run.folder, TEMPORARY));
  for (const folder of temporary === undefined ? [run.folder] : [temporary, run.folder]) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** Writes whole or not at all, readable by this user only. */
export function writeJson(path: string, value: unknown): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, path);
}

/** @returns undefined when the file is missing; it is only ever written by this package. */
export function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
