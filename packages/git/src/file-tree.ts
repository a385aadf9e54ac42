import type { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Call } from "@kubeferry/model";
import { fileFailure } from "./file-failure.ts";
import { checkCommit } from "./names.ts";
import type { Queue } from "./queue.ts";
import type { Git } from "./run-git.ts";
import {
  checkPath,
  checkPrefix,
  placeForRemoving,
  placeForWriting,
  refuseOutside,
  refuseSubmodule,
} from "./safe-path.ts";
import { compareTrees, diffTrees, listTree, writeTree } from "./tree-changes.ts";
import type { FileTree } from "./work-tree.ts";

/** Files on disk with a base, in a private repository. */
export interface TreePlace {
  readonly git: Git;
  readonly folder: string;
  readonly baseCommit: string;
  /** Paths of the base's submodules. */
  readonly submodules: ReadonlySet<string>;
  /** What is there and may be written: everything when undefined. */
  readonly roots: readonly string[] | undefined;
  /** What uses git's index takes its turn here: git locks it. */
  readonly oneAtATime: Queue;
  /** Removes everything from disk. */
  readonly remove: () => Promise<void>;
}

/** The operations on files, alike for a clone and for a folder. */
export function createFileTree(place: TreePlace): FileTree {
  const { git, folder, baseCommit, oneAtATime } = place;
  return {
    folder,
    baseCommit,
    readFile: async (commit, path, call) => readBlob(git, checkCommit(commit), checkPath(path), call),
    listFiles: async (commit, prefix, call) => listTree(git, checkCommit(commit), checkPrefix(prefix), call),
    writeFile: async (path, content) => replaceFile(place, path, content),
    removeFile: (path) => removeFile(place, path),
    changesAgainst: (commit, prefixes, call) =>
      oneAtATime(async () => {
        const paths = prefixes.map(checkPrefix);
        const tree = await writeTree(git, baseCommit, paths, call);
        return compareTrees(git, { from: checkCommit(commit), to: tree }, paths, call);
      }),
    diff: (prefixes, call) =>
      oneAtATime(async () => {
        const paths = prefixes.map(checkPrefix);
        const tree = await writeTree(git, baseCommit, paths, call);
        return diffTrees(git, { from: baseCommit, to: tree }, paths, call);
      }),
    close: () => place.remove(),
  };
}

// `--batch` answers "<id> missing" for what is not there, so that absent and failed stay two answers.
async function readBlob(git: Git, commit: string, path: string, call: Call): Promise<Buffer | undefined> {
  const name = `${commit}:${path}`;
  const operation = `read ${path}`;
  const args = ["cat-file", "--batch"];
  const answer = await git.bytes({ operation, args, input: `${name}\n`, remote: true }, call);
  const end = answer.indexOf(0x0a);
  const [, type, size] = /^[0-9a-f]+ (\w+) (\d+)$/.exec(answer.subarray(0, end).toString("utf8")) ?? [];
  if (type !== "blob" || size === undefined) return undefined;
  return answer.subarray(end + 1, end + 1 + Number(size));
}

/** Not by way of the thread pool, which would take longer than the kernel needs to take a file into its cache. */
function replaceFile({ folder, submodules, roots }: TreePlace, path: string, content: string | Uint8Array): void {
  refuseOutside(checkPath(path), roots);
  refuseSubmodule(path, submodules);
  try {
    const place = placeForWriting(folder, path);
    if (!writeNew(place, content)) replace(place, content, join(folder, ".git", `kubeferry-${randomUUID()}`));
  } catch (error) {
    throw fileFailure(`write ${path}`, error);
  }
}

/** @returns false when something is there already, a link included; then nothing was written */
function writeNew(place: string, content: string | Uint8Array): boolean {
  try {
    writeFileSync(place, content, { flag: "wx", mode: 0o644 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    // A part of a file, where the disk is full.
    rmSync(place, { force: true });
    throw error;
  }
}

// Written beside and moved into place: a link at `place` is replaced and not followed, and git sees a new file even
// when size and time are those of the old one.
function replace(place: string, content: string | Uint8Array, beside: string): void {
  try {
    writeFileSync(beside, content, { flag: "wx", mode: 0o644 });
    renameSync(beside, place);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

async function removeFile({ folder, submodules, roots }: TreePlace, path: string): Promise<void> {
  refuseOutside(checkPath(path), roots);
  refuseSubmodule(path, submodules);
  try {
    const place = placeForRemoving(folder, path);
    await rm(place, { force: true });
    await removeEmptyFolders(dirname(place), folder);
  } catch (error) {
    throw fileFailure(`remove ${path}`, error);
  }
}

/** Removes a folder and those above it that are empty, up to `root`, which stays. */
export async function removeEmptyFolders(from: string, root: string): Promise<void> {
  for (let place = from; place.length > root.length; place = dirname(place)) {
    try {
      await rmdir(place);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "ENOENT") continue;
      if (code === "ENOTEMPTY" || code === "EEXIST") return;
      throw error;
    }
  }
}
