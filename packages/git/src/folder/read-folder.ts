import type { Dirent, Stats } from "node:fs";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import type { Call } from "@kubeferry/model";
import { fileFailure } from "../file-failure.ts";
import { GitError } from "../git-error.ts";
import { statsOf } from "../safe-path.ts";
import type { FileMode } from "../tree-changes.ts";
import { isTemporary } from "./temporary-name.ts";

/** What is read. */
interface Reading {
  readonly from: string;
  /** Paths below `from`. */
  readonly roots: readonly string[];
  /** Told of folders that are git repositories of their own; what lies in them is not read. */
  readonly onRepository: (path: string) => void;
}

/** A file of a folder; the content of a link is where it points to. */
interface FolderFile {
  readonly path: string;
  readonly mode: FileMode;
  readonly content: Uint8Array;
}

/**
 * Yields the files under the roots of a folder. A symbolic link is yielded as a link and never followed; what is neither
 * file nor folder nor link is left out, and so is what a broken-off publication left.
 * @throws GitError "invalid" where a root, or a folder above it, is a link or a file; "denied" for what cannot be read
 */
export async function* readFolder({ from, roots, onRepository }: Reading, call: Call): AsyncGenerator<FolderFile> {
  try {
    if ((await statsOf(from)) === undefined) return;
    for (const root of roots) {
      if (!(await leadsToFolder(from, root))) continue;
      for await (const path of filesBelow(from, root, onRepository)) {
        call.signal.throwIfAborted();
        yield { path, ...(await readEntry(join(from, path))) };
      }
    }
  } catch (error) {
    call.signal.throwIfAborted();
    throw fileFailure("read the folder", error);
  }
}

/** @returns false where the root is not there */
async function leadsToFolder(from: string, root: string): Promise<boolean> {
  const segments = root.split("/");
  for (const [at] of segments.entries()) {
    const path = segments.slice(0, at + 1).join("/");
    const stats = await statsOf(join(from, path));
    if (stats === undefined) return false;
    if (!stats.isDirectory()) throw notAFolder(from, path, stats);
  }
  return true;
}

async function* filesBelow(
  from: string,
  folder: string,
  onRepository: Reading["onRepository"],
): AsyncGenerator<string> {
  const entries = await readdir(join(from, folder), { withFileTypes: true });
  if (entries.some(({ name }) => name.toLowerCase() === ".git")) {
    onRepository(folder);
    return;
  }
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(from, path, onRepository);
    else if (isRead(entry)) yield path;
  }
}

function isRead(entry: Dirent): boolean {
  return entry.isSymbolicLink() || (entry.isFile() && !isTemporary(entry.name));
}

async function readEntry(place: string): Promise<Pick<FolderFile, "mode" | "content">> {
  const stats = await lstat(place);
  if (stats.isSymbolicLink()) return { mode: "120000", content: await readlink(place, { encoding: "buffer" }) };
  return { mode: (stats.mode & 0o100) === 0 ? "100644" : "100755", content: await readFile(place) };
}

function notAFolder(from: string, path: string, stats: Stats): GitError {
  return new GitError({
    kind: "invalid",
    who: "git",
    operation: `read ${join(from, path)}`,
    problem: stats.isSymbolicLink() ? "it is a symbolic link, and links are not followed" : "it is not a folder",
    next: "put a folder there, or choose another gitops.directory",
  });
}
