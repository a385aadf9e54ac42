import type { Dirent, Stats } from "node:fs";
import { chmod, copyFile, lstat, mkdir, readdir, readlink, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Call } from "@kubeferry/model";
import { fileFailure } from "../file-failure.ts";
import { GitError } from "../git-error.ts";
import { statsOf } from "../safe-path.ts";
import { isTemporary } from "./temporary-name.ts";

/** What is copied. */
interface Copying {
  readonly from: string;
  /** Paths below `from`. */
  readonly roots: readonly string[];
  readonly to: string;
}

/** What was found that is not copied. */
interface FolderFindings {
  /** Paths of folders that are git repositories of their own; what lies in them is not read. */
  readonly repositories: ReadonlySet<string>;
}

/**
 * Copies the files under the roots of a folder. A symbolic link is copied as a link and never followed; what is neither
 * file nor folder nor link is left out, and so is what a broken-off publication left.
 * @throws GitError "invalid" where a root, or a folder above it, is a link or a file; "denied" for what cannot be read
 */
export async function readFolder({ from, roots, to }: Copying, call: Call): Promise<FolderFindings> {
  const repositories = new Set<string>();
  try {
    if ((await statsOf(from)) === undefined) return { repositories };
    for (const root of roots) {
      if (!(await leadsToFolder(from, root))) continue;
      for await (const path of filesBelow(from, root, repositories)) {
        call.signal.throwIfAborted();
        await copyEntry(join(from, path), join(to, path));
      }
    }
  } catch (error) {
    call.signal.throwIfAborted();
    throw fileFailure("read the folder", error);
  }
  return { repositories };
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

async function* filesBelow(from: string, folder: string, repositories: Set<string>): AsyncGenerator<string> {
  const entries = await readdir(join(from, folder), { withFileTypes: true });
  if (entries.some(({ name }) => name.toLowerCase() === ".git")) {
    repositories.add(folder);
    return;
  }
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(from, path, repositories);
    else if (isCopied(entry)) yield path;
  }
}

function isCopied(entry: Dirent): boolean {
  return entry.isSymbolicLink() || (entry.isFile() && !isTemporary(entry.name));
}

async function copyEntry(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const stats = await lstat(from);
  if (stats.isSymbolicLink()) return symlink(await readlink(from), to);
  await copyFile(from, to);
  await chmod(to, (stats.mode & 0o100) === 0 ? 0o644 : 0o755);
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
