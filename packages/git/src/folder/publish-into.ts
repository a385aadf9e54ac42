import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { type Call, createTurns } from "@kubeferry/model";
import { fileFailure } from "../file-failure.ts";
import type { OpenFileTree } from "../file-tree.ts";
import { GitError } from "../git-error.ts";
import { blobId } from "../objects/blob-id.ts";
import { placeForRemoving, placeForWriting } from "../safe-path.ts";
import type { TreeChanges } from "../tree-changes.ts";
import { isTemporary, temporaryName } from "./temporary-name.ts";

/** What is published. */
interface Publication {
  readonly tree: OpenFileTree;
  readonly roots: readonly string[];
}

const OPERATION = "write the folder";

/**
 * Brings what a tree has beyond its base into a folder. First every file is looked at; then files are removed, and then
 * written, each looked at once more. A file that already is as wanted stays. Not by way of the thread pool, which would
 * take most of the time of small files.
 * @returns what was changed in the folder
 * @throws GitError "conflict" where a file is neither as it was read nor as wanted; "invalid"; "denied"
 */
export async function publishInto(folder: string, { tree, roots }: Publication, call: Call): Promise<TreeChanges> {
  const changes = await tree.changesAgainst(tree.baseCommit, roots, call);
  const steps = await stepsFor(tree, changes, call);
  try {
    const open: Step[] = [];
    const turn = createTurns();
    for (const step of steps) {
      await turn();
      call.signal.throwIfAborted();
      if (isOpen(folder, step)) open.push(step);
    }
    if (open.length > 0) mkdirSync(folder, { recursive: true });
    for (const step of open) {
      await turn();
      call.signal.throwIfAborted();
      if (step.wanted === undefined) removeOne(folder, step);
      else writeOne(folder, step, await tree.readBlob(step.wanted, call));
    }
    removeLeftovers(folder, open);
    const paths = new Set(open.map(({ path }) => path));
    const done = (list: readonly string[]) => list.filter((path) => paths.has(path));
    return { added: done(changes.added), modified: done(changes.modified), removed: done(changes.removed) };
  } catch (error) {
    call.signal.throwIfAborted();
    throw fileFailure(OPERATION, error);
  }
}

/** One file to change. */
interface Step {
  readonly path: string;
  /** Git's id of what was read; undefined where nothing was. */
  readonly before: string | undefined;
  /** Git's id of what is to be there; undefined: the file goes. */
  readonly wanted: string | undefined;
}

async function stepsFor(tree: OpenFileTree, changes: TreeChanges, call: Call): Promise<readonly Step[]> {
  const base = await tree.listFiles(tree.baseCommit, "", call);
  const before = new Map(base.map(({ path, blob }) => [path, blob]));
  const { removed, added, modified } = changes;
  return [...removed, ...added, ...modified].map((path) => ({
    path,
    before: before.get(path),
    wanted: tree.blobAt(path),
  }));
}

/**
 * Whether there is something left to do for a file.
 * @throws GitError "conflict"
 */
function isOpen(folder: string, { path, before, wanted }: Step): boolean {
  const place = placeForRemoving(folder, path);
  const now = blobAt(place);
  if (now === wanted) return false;
  if (now === before) return true;
  throw new GitError({
    kind: "conflict",
    who: "git",
    operation: OPERATION,
    problem: `${join(folder, path)} was changed after it was read`,
    next: "run again to build on what is there now",
  });
}

function removeOne(folder: string, step: Step): void {
  if (!isOpen(folder, step)) return;
  const place = join(folder, step.path);
  rmSync(place, { force: true });
  removeEmptyFolders(dirname(place), folder);
}

/** Removes a folder and those above it that are empty, up to `root`, which stays. */
function removeEmptyFolders(from: string, root: string): void {
  for (let place = from; place.length > root.length; place = dirname(place)) {
    try {
      rmdirSync(place);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "ENOENT") continue;
      if (code === "ENOTEMPTY" || code === "EEXIST") return;
      throw error;
    }
  }
}

function writeOne(folder: string, step: Step, content: Uint8Array): void {
  const place = placeForWriting(folder, step.path);
  const beside = join(dirname(place), temporaryName());
  try {
    writeFileSync(beside, content, { flag: "wx" });
    const mode = modeOf(place);
    if (mode !== undefined) chmodSync(beside, mode);
    if (isOpen(folder, step)) renameSync(beside, place);
  } finally {
    rmSync(beside, { force: true });
  }
}

const LEFT_BEHIND_AFTER_MS = 3_600_000; // a run that is still at work has not had an hour for one file

/** What a run that was killed left beside the files that were written now. */
function removeLeftovers(folder: string, steps: readonly Step[]): void {
  const written = steps.filter(({ wanted }) => wanted !== undefined);
  for (const place of new Set(written.map(({ path }) => dirname(join(folder, path))))) {
    for (const name of readdirSync(place).filter(isTemporary)) {
      const stats = statsOf(join(place, name));
      const old = stats !== undefined && Date.now() - stats.mtimeMs > LEFT_BEHIND_AFTER_MS;
      if (old) rmSync(join(place, name), { force: true });
    }
  }
}

function modeOf(place: string): number | undefined {
  const stats = statsOf(place);
  return stats?.isFile() === true ? stats.mode & 0o777 : undefined;
}

/** Git's id of what lies at a place: a link counts as its target; a folder, or what is no file, as itself. */
function blobAt(place: string): string | undefined {
  const stats = statsOf(place);
  if (stats === undefined) return undefined;
  if (stats.isSymbolicLink()) return blobId(readlinkSync(place, { encoding: "buffer" }));
  return stats.isFile() ? blobId(readFileSync(place)) : "something else";
}

function statsOf(place: string): Stats | undefined {
  try {
    return lstatSync(place, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw error;
  }
}
