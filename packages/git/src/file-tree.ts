import { Buffer } from "node:buffer";
import type { Call } from "@kubeferry/model";
import type { BaseFiles } from "./base-files.ts";
import { checkCommit } from "./names.ts";
import { type BlobReader, createBlobReader } from "./objects/blob-reader.ts";
import { createBlobWriter } from "./objects/blob-writer.ts";
import type { Queue } from "./queue.ts";
import type { Git } from "./run-git.ts";
import { checkPath, checkPrefix, isOutside, refuseOutside, refuseSubmodule } from "./safe-path.ts";
import { compareTrees, diffTrees, isUnder, listTree, type TreeFile, writeTree } from "./tree-changes.ts";
import type { FileTree } from "./work-tree.ts";
import { createWrittenFiles } from "./written-files.ts";

/** A private repository with a base. */
export interface TreePlace {
  readonly git: Git;
  readonly folder: string;
  readonly baseCommit: string;
  readonly files: BaseFiles;
  /** Where files may be written, and are here with their contents: everywhere when undefined. */
  readonly roots: readonly string[] | undefined;
  /** What uses git's index takes its turn here: git locks it. */
  readonly oneAtATime: Queue;
  /** Removes everything from disk. */
  readonly remove: () => Promise<void>;
}

/** A tree of files, with what only this package does with one. */
export interface OpenFileTree extends FileTree {
  /** Writes the base with everything under the prefixes that was written since, and gives the id of the tree. */
  writtenTree(prefixes: readonly string[], call: Call): Promise<string>;
  /** Git's id of what a path holds now; undefined where there is no file. */
  blobAt(path: string): string | undefined;
  /** The bytes of a content that is here. */
  readBlob(blob: string, call: Call): Promise<Buffer>;
}

/** The operations on files, alike for a clone and for a folder. */
export function createFileTree(place: TreePlace): OpenFileTree {
  const { git, baseCommit, files, roots, oneAtATime } = place;
  const written = createWrittenFiles(files);
  const reader = createBlobReader(git);
  const writer = createBlobWriter(
    git,
    [...files.files].flatMap(([path, { id }]) => (isOutside(path, roots) ? [] : [id])),
  );

  function checkPlace(path: string): void {
    refuseOutside(checkPath(path), roots);
    refuseSubmodule(path, files.submodules);
  }

  async function writtenTree(prefixes: readonly string[], call: Call): Promise<string> {
    const edits = written.editsUnder(prefixes.map(checkPrefix));
    await writer.settle(call);
    return writeTree(git, baseCommit, edits, call);
  }

  return {
    baseCommit,
    writtenTree,
    blobAt: written.blobAt,
    readBlob: reader.read,
    readFile: async (commit, path, call) => readFile(place, reader, { commit: checkCommit(commit), path }, call),
    listFiles: async (commit, prefix, call) => listFiles(place, { commit: checkCommit(commit), prefix }, call),
    digests: (list, call) =>
      reader.digests(
        list.map(({ blob }) => blob),
        call,
      ),
    async writeFile(path, content) {
      checkPlace(path);
      written.checkWritable(path);
      written.write(path, await writer.write(typeof content === "string" ? Buffer.from(content) : content));
    },
    async removeFile(path) {
      checkPlace(path);
      written.remove(path);
    },
    changesAgainst: (commit, prefixes, call) =>
      oneAtATime(async () => {
        const to = await writtenTree(prefixes, call);
        return compareTrees(git, { from: checkCommit(commit), to }, prefixes.map(checkPrefix), call);
      }),
    diff: (prefixes, call) =>
      oneAtATime(async () => {
        const to = await writtenTree(prefixes, call);
        return diffTrees(git, { from: baseCommit, to }, prefixes.map(checkPrefix), call);
      }),
    checkOut: (call) => oneAtATime(() => checkOut(place, call)),
    async close() {
      await Promise.all([reader.close(), writer.close()]);
      await place.remove();
    },
  };
}

/** What the base names below the roots is known. */
async function listFiles(
  { git, baseCommit, files, roots }: TreePlace,
  { commit, prefix }: { readonly commit: string; readonly prefix: string },
  call: Call,
): Promise<readonly TreeFile[]> {
  const path = checkPrefix(prefix);
  if (commit !== baseCommit || isOutside(`${path}/`, roots)) return listTree(git, commit, path, call);
  const listed = [...files.files].filter(([each]) => isUnder(each, path));
  return listed.map(([each, { mode, id }]) => ({ path: each, blob: id, link: mode === "120000" }));
}

/** What the base holds below the roots is here, and comes from the git that runs; anything else may have to be fetched. */
async function readFile(
  { git, baseCommit, files, roots }: TreePlace,
  reader: BlobReader,
  { commit, path }: { readonly commit: string; readonly path: string },
  call: Call,
): Promise<Buffer | undefined> {
  if (commit !== baseCommit || isOutside(checkPath(path), roots)) return readAnywhere(git, commit, path, call);
  const file = files.files.get(path);
  return file === undefined ? undefined : reader.read(file.id, call);
}

// `--batch` answers "<id> missing" for what is not there, so that absent and failed stay two answers.
async function readAnywhere(git: Git, commit: string, path: string, call: Call): Promise<Buffer | undefined> {
  const name = `${commit}:${path}`;
  const operation = `read ${path}`;
  const args = ["cat-file", "--batch"];
  const answer = await git.bytes({ operation, args, input: `${name}\n`, remote: true }, call);
  const end = answer.indexOf(0x0a);
  const [, type, size] = /^[0-9a-f]+ (\w+) (\d+)$/.exec(answer.subarray(0, end).toString("utf8")) ?? [];
  if (type !== "blob" || size === undefined) return undefined;
  return answer.subarray(end + 1, end + 1 + Number(size));
}

async function checkOut({ git, folder, baseCommit }: TreePlace, call: Call): Promise<string> {
  const operation = `check out ${baseCommit}`;
  // An index that says nothing of files: none is there yet, or each is to be as in the base.
  await git.text({ operation, args: ["read-tree", "--empty"] }, call);
  await git.text({ operation, args: ["checkout", "--quiet", "--force", "--detach", baseCommit], remote: true }, call);
  return folder;
}
