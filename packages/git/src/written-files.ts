import { Buffer } from "node:buffer";
import type { BaseFiles } from "./base-files.ts";
import { GitError } from "./git-error.ts";
import { refusedPath } from "./safe-path.ts";
import { type FileEntry, isUnder, type TreeEdit } from "./tree-changes.ts";

/** Which files there are now: those of the base, with what was written and removed since. Names only, in memory. */
export interface WrittenFiles {
  /** @throws GitError "invalid" where a file cannot be: through a link or a file, and in the place of a folder */
  checkWritable(path: string): void;
  /** Checks, and sets what a path holds. A link there is replaced. */
  write(path: string, blob: string): void;
  /** Checks, and removes what a path holds; nothing there is no error. */
  remove(path: string): void;
  /** Git's id of what a path holds now. */
  blobAt(path: string): string | undefined;
  /** What differs from the base under some prefixes ("" for all). */
  editsUnder(prefixes: readonly string[]): readonly TreeEdit[];
}

/** Longer names cannot be checked out on any file system that is in use. */
const LONGEST_NAME_BYTES = 255;

export function createWrittenFiles({ files, submodules }: BaseFiles): WrittenFiles {
  const edits = new Map<string, FileEntry | undefined>();
  // How many files and submodules each folder holds; one that holds none is no folder, as in git.
  const held = new Map<string, number>();
  for (const path of [...files.keys(), ...submodules]) count(held, path, 1);
  for (const path of submodules) held.set(path, 1);
  const isFile = (path: string) => (edits.has(path) ? edits.get(path) !== undefined : files.has(path));
  const isLink = (path: string) => !edits.has(path) && files.get(path)?.mode === "120000";

  function check(path: string, operation: string): void {
    for (const parent of parentsOf(path)) {
      const name = parent.slice(parent.lastIndexOf("/") + 1);
      if (isLink(parent)) throw refusedPath(path, `its folder "${name}" is a symbolic link`);
      if (isFile(parent)) throw refusedPath(path, `"${name}" is a file, not a folder`);
    }
    if (held.has(path)) throw inTheWay(operation, "a folder");
  }

  function set(path: string, entry: FileEntry | undefined): void {
    const step = Number(entry !== undefined) - Number(isFile(path));
    const before = files.get(path);
    if (before?.mode === entry?.mode && before?.id === entry?.blob) edits.delete(path);
    else edits.set(path, entry);
    if (step !== 0) count(held, path, step);
  }

  function checkWritable(path: string): void {
    check(path, `write ${path}`);
    if (hasLongName(path)) throw refusedPath(path, `a name in it is longer than ${LONGEST_NAME_BYTES} bytes`);
  }

  return {
    checkWritable,
    write(path, blob) {
      checkWritable(path);
      set(path, { mode: "100644", blob });
    },
    remove(path) {
      check(path, `remove ${path}`);
      set(path, undefined);
    },
    blobAt: (path) => (edits.has(path) ? edits.get(path)?.blob : files.get(path)?.id),
    editsUnder(prefixes) {
      const changed = [...edits].filter(([path]) => prefixes.some((prefix) => isUnder(path, prefix)));
      return changed.map(([path, entry]) => ({ path, entry }));
    },
  };
}

/** Nearly every path is shorter than a name may be. */
function hasLongName(path: string): boolean {
  if (Buffer.byteLength(path) <= LONGEST_NAME_BYTES) return false;
  return path.split("/").some((name) => Buffer.byteLength(name) > LONGEST_NAME_BYTES);
}

/** "a", then "a/b", of "a/b/c". */
function parentsOf(path: string): readonly string[] {
  const parents: string[] = [];
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) parents.push(path.slice(0, at));
  return parents;
}

function count(held: Map<string, number>, path: string, step: number): void {
  for (const parent of parentsOf(path)) {
    const now = (held.get(parent) ?? 0) + step;
    if (now > 0) held.set(parent, now);
    else held.delete(parent);
  }
}

function inTheWay(operation: string, what: string): GitError {
  const problem = `something else is in the way: ${what}`;
  return new GitError({ kind: "invalid", who: "git", operation, problem });
}
