import { lstatSync, mkdirSync, type Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { GitError } from "./git-error.ts";

/**
 * Checks a path from the root of a repository: relative, "/" between segments, no ".", "..", ".git", empty segment,
 * backslash or control character.
 * @returns the path as it is
 * @throws GitError "invalid"
 */
export function checkPath(path: string): string {
  if (/[\p{Cc}\\]/u.test(path)) throw refusedPath(path, "control characters and backslashes are not allowed");
  for (const segment of path.split("/")) {
    if (segment === "") throw refusedPath(path, "it must be relative, with a name between slashes");
    if (segment === "." || segment === "..") throw refusedPath(path, `"${segment}" is not allowed in it`);
    // File systems may fold case, drop trailing dots and spaces, and know ".git" as "git~1".
    if (/^(\.git[. ]*|git~1)$/i.test(segment)) throw refusedPath(path, `"${segment}" belongs to git`);
  }
  return path;
}

/**
 * Checks a prefix: "" for everything, else a path as in `checkPath`, with or without "/" at its end.
 * @returns the prefix without that slash
 */
export function checkPrefix(prefix: string): string {
  const path = prefix.endsWith("/") ? prefix.slice(0, -1) : prefix;
  return prefix === "" ? "" : checkPath(path);
}

/**
 * Where `path` lies on disk, its parent folders created. A folder on the way that is a symbolic link is refused:
 * whoever committed it would decide where we write.
 */
export function placeForWriting(root: string, path: string): string {
  const place = join(root, path);
  if (!hasPlainParents(root, path)) mkdirSync(dirname(place), { recursive: true });
  return place;
}

/** Where `path` lies on disk, after the same checks; nothing is created. */
export function placeForRemoving(root: string, path: string): string {
  hasPlainParents(root, path);
  return join(root, path);
}

/** Refuses a path outside of what was checked out: what lies there would look as if it had been removed. */
export function refuseOutside(path: string, roots: readonly string[] | undefined): void {
  if (!isOutside(path, roots)) return;
  const named = roots === undefined || roots.length === 0 ? "anything that was" : roots.join(", ");
  throw refusedPath(path, `it is not below ${named} checked out`);
}

/** Whether a path is below none of the roots; undefined stands for everything. */
export function isOutside(path: string, roots: readonly string[] | undefined): boolean {
  return roots !== undefined && !roots.some((root) => path.startsWith(`${root}/`));
}

/**
 * Refuses a path that is a submodule or lies within one: what is written there belongs to another repository, and git
 * would leave it out of a commit without a word.
 */
export function refuseSubmodule(path: string, submodules: ReadonlySet<string>): void {
  const segments = path.split("/");
  const places = segments.map((_, index) => segments.slice(0, index + 1).join("/"));
  const found = places.find((place) => submodules.has(place));
  if (found !== undefined) throw refusedPath(path, `"${found}" is a submodule of the repository`);
}

/**
 * Not by way of the thread pool: the answers are in the kernel's cache, and a run asks for those of ten thousand files.
 * @returns whether all folders on the way are there
 * @throws GitError "invalid" for one that is a link or a file
 */
function hasPlainParents(root: string, path: string): boolean {
  const parents = checkPath(path).split("/").slice(0, -1);
  let place = root;
  for (const parent of parents) {
    place = `${place}/${parent}`;
    const stats = lstatSync(place, { throwIfNoEntry: false });
    if (stats === undefined) return false;
    if (stats.isSymbolicLink()) throw refusedPath(path, `its folder "${parent}" is a symbolic link`);
    if (!stats.isDirectory()) throw refusedPath(path, `"${parent}" is a file, not a folder`);
  }
  return true;
}

/** What lies at a place itself, a link not followed; undefined when nothing does. */
export async function statsOf(place: string): Promise<Stats | undefined> {
  try {
    return await lstat(place);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The error for a path that is not to be used. */
export function refusedPath(path: string, problem: string): GitError {
  const operation = `use path ${JSON.stringify(path)}`;
  return new GitError({ kind: "invalid", who: "git", operation, problem, security: "path-escape" });
}
