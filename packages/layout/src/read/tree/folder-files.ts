import { constants, type Dirent } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { compareUtf8 } from "@kubeferry/model";
import { GitOpsError } from "../../gitops-error.ts";
import { gather, MAX_FILE_BYTES, mayHoldObjects, type TreeFile, type TreeFiles, tooLarge } from "./tree-files.ts";

/** More folders in each other than any of the known trees has. */
const MOST_LEVELS = 32;

/** The files of a folder on this machine. Links are not followed, and only plain files are read. */
export function folderFiles(root: string, place: string): TreeFiles {
  return { place, list: () => walk(root, "", 0) };
}

async function* walk(root: string, folder: string, depth: number): AsyncIterable<TreeFile> {
  const entries = await entriesOf(root, folder);
  for (const entry of entries.sort((left, right) => compareUtf8(left.name, right.name))) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (entry.name === ".git") continue;
      if (depth === MOST_LEVELS) yield unread(path, `it is a folder more than ${MOST_LEVELS} levels deep`);
      else yield* walk(root, path, depth + 1);
    } else if (entry.isSymbolicLink()) yield unread(path, "it is a symbolic link, and those are not followed");
    else if (!mayHoldObjects(path)) continue;
    else if (entry.isFile()) yield { path, read: ({ signal }) => readPlain(join(root, path), signal) };
    else yield unread(path, "it is no plain file");
  }
}

async function entriesOf(root: string, folder: string): Promise<Dirent[]> {
  try {
    return await readdir(join(root, folder), { withFileTypes: true });
  } catch (error) {
    if (folder !== "") return []; // Gone, or closed to us, since its parent was read: nothing of it is in the tree.
    throw new GitOpsError({
      kind: "config",
      who: "gitops",
      operation: `read the folder ${root}`,
      problem: `it cannot be listed (${String((error as NodeJS.ErrnoException).code)})`,
      next: "look at gitops.source.path",
      cause: error,
    });
  }
}

function unread(path: string, problem: string): TreeFile {
  return { path, read: async () => ({ problem }) };
}

// What was a file in the listing may be a pipe or a link by now: neither is waited for, nor followed.
async function readPlain(place: string, signal: AbortSignal): Promise<Uint8Array | { readonly problem: string }> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  try {
    await using file = await open(place, flags);
    const stats = await file.stat();
    if (!stats.isFile()) return { problem: "it is no plain file" };
    if (stats.size > MAX_FILE_BYTES) return tooLarge();
    return await gather(file.createReadStream({ autoClose: false }), signal);
  } catch (error) {
    signal.throwIfAborted();
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { problem: `it cannot be read (${code})` };
  }
}
