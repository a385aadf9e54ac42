import type { Call } from "@kubeferry/model";
import type { Git } from "./run-git.ts";
import { listEntries, type TreeEntry } from "./tree-changes.ts";

/** What a tree begins with where it may be written. */
export interface BaseFiles {
  /** Files and links, by path; what is elsewhere is not here. */
  readonly files: ReadonlyMap<string, Pick<TreeEntry, "mode" | "id">>;
  /** Paths of submodules, and of repositories within a folder. */
  readonly submodules: ReadonlySet<string>;
}

/**
 * Reads what a commit names under the roots, and brings the contents that are not here yet in one request.
 * @param roots everything when undefined
 * @throws GitError
 */
export async function readBaseFiles(
  git: Git,
  commit: string,
  roots: readonly string[] | undefined,
  call: Call,
): Promise<BaseFiles> {
  const entries = await listEntries(git, commit, "", call, { folders: true });
  const near = entries.filter(({ path }) => roots === undefined || roots.some((root) => isNear(path, root)));
  const isRoot = ({ path, type }: TreeEntry) => type === "tree" && roots?.includes(path) === true;
  const trees = roots === undefined ? [commit] : near.filter(isRoot).map(({ id }) => id);
  await fetchMissing(git, trees, call);
  return {
    files: new Map(near.flatMap(({ type, path, mode, id }) => (type === "blob" ? [[path, { mode, id }]] : []))),
    submodules: new Set(near.flatMap(({ type, path }) => (type === "commit" ? [path] : []))),
  };
}

/** Below a root, the root itself, or on the way to it: a link there leads elsewhere. */
function isNear(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`) || root.startsWith(`${path}/`);
}

/**
 * A clone leaves out contents where its server can. Git would fetch each one when it is read: ten thousand requests.
 * @param tops commits and folders that are to be here with all that they hold
 */
async function fetchMissing(git: Git, tops: readonly string[], call: Call): Promise<void> {
  if (tops.length === 0) return;
  const operation = "fetch files";
  // One commit, and not its history.
  const look = ["rev-list", "--objects", "--no-object-names", "--missing=print", "--no-walk", "--stdin"];
  const found = await git.text({ operation, args: look, input: lines(tops) }, call);
  const missing = found.split("\n").flatMap((line) => (line.startsWith("?") ? [line.slice(1)] : []));
  if (missing.length === 0) return;
  const quiet = ["--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"];
  const args = ["fetch", ...quiet, "--filter=blob:none", "--stdin", "origin"];
  // As git does it by itself: what is here says nothing of what is missing.
  const settings = [["fetch.negotiationAlgorithm", "noop"]] as const;
  await git.text({ operation, args, input: lines(missing), settings, remote: true }, call);
}

function lines(ids: readonly string[]): string {
  return ids.map((id) => `${id}\n`).join("");
}
