import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Call } from "@kubeferry/model";
import { type BaseFiles, readBaseFiles } from "./base-files.ts";
import { FIRST_DEPTH, fetchBranch, listBranches } from "./branch-history.ts";
import { GitError } from "./git-error.ts";
import { missingGit } from "./git-failure.ts";
import type { RemoteUrl } from "./remote-url.ts";
import type { Git } from "./run-git.ts";

/** What is cloned, and where to. */
export interface CloneTarget {
  /** Empty, and where `git` runs. */
  readonly folder: string;
  readonly base: string;
  readonly remote: RemoteUrl;
  /** What is fetched with its contents: everything when undefined. */
  readonly roots: readonly string[] | undefined;
}

/** A clone on disk, without files: it has what its base names, and contents below the roots. */
export interface PreparedClone {
  readonly folder: string;
  readonly base: string;
  readonly baseCommit: string;
  readonly files: BaseFiles;
  /** What is fetched with its contents and may be written: everything when undefined. */
  readonly roots: readonly string[] | undefined;
}

/**
 * Makes the repository that a base branch is cloned into.
 * @throws GitError "missing-git"
 */
export async function initialiseClone(git: Git, { folder, remote, roots }: CloneTarget, call: Call): Promise<void> {
  await initialise(git, folder, call);
  await git.text({ operation: "prepare clone", args: ["remote", "add", "origin", remote.url] }, call);
  if (roots === undefined) return;
  await git.text({ operation: "prepare clone", args: ["config", "core.sparseCheckout", "true"] }, call);
  await writeFile(join(folder, ".git", "info", "sparse-checkout"), roots.map(sparsePattern).join(""));
}

/** A root and everything below it, be it a folder, a file or a link. */
function sparsePattern(root: string): string {
  return `/${(root.split("/")[0] ?? "").replace(/[\\*?[]/g, "\\$&")}\n`;
}

/**
 * Fetches the base branch into a repository that `initialiseClone` made. Content is fetched for what is below the roots
 * only, where the server can leave out the rest; it comes when it is asked for.
 * @throws GitError "not-found" for a repository or branch that is not there; "denied"; "unavailable"
 */
export async function fetchClone(git: Git, target: CloneTarget, call: Call): Promise<PreparedClone> {
  const { folder, base, remote, roots } = target;
  const baseCommit = await fetchBase(git, base, call);
  // Names that nobody could check out are refused before anything is made of them.
  await git.text({ operation: `check out ${base}`, args: ["read-tree", baseCommit] }, call);
  const files = await readBaseFiles(git, baseCommit, roots, call);
  call.log.debug("git work tree opened", { operation: "git_read", url: remote.url, base, commit: baseCommit });
  return { folder, base, baseCommit, files, roots };
}

/** GIT_CONFIG_COUNT came with 2.31, GIT_CONFIG_GLOBAL with 2.32: an older git would ignore them silently. */
export async function checkVersion(git: Git, call: Call): Promise<void> {
  const operation = "look for git";
  const version = /\d+\.\d+[\w.]*/.exec(await git.text({ operation, args: ["version"] }, call))?.[0] ?? "";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < 2 || (major === 2 && minor < 32)) throw missingGit(operation, version);
}

/** Makes a repository without a remote, whose attributes change no byte of a file. */
export async function initialise(git: Git, folder: string, call: Call): Promise<void> {
  // Ids of what is written are worked out here, by SHA-1; a remote of another kind is refused by git.
  await git.text({ operation: "prepare clone", args: ["init", "--quiet", "--object-format=sha1"] }, call);
  // Attributes of the repository (line endings, keywords, filters) must not change a byte of what is checked out.
  const attributes = "* -text -eol -ident -filter -working-tree-encoding\n";
  await mkdir(join(folder, ".git", "info"), { recursive: true });
  await writeFile(join(folder, ".git", "info", "attributes"), attributes);
}

async function fetchBase(git: Git, base: string, call: Call): Promise<string> {
  try {
    return await fetchBranch(git, base, [`--depth=${FIRST_DEPTH}`, "--filter=blob:none"], call);
  } catch (error) {
    if (!(error instanceof GitError) || error.kind !== "not-found") throw error;
    // The repository, or the branch in it; the listing tells them apart.
    throw (await missingBase(git, base, call)) ?? error;
  }
}

async function missingBase(git: Git, base: string, call: Call): Promise<GitError | undefined> {
  const branches = await listBranches(git, "", call);
  if (branches.some(({ name }) => name === base)) return undefined;
  const empty = branches.length === 0;
  const named = branches.slice(0, 10).map(({ name }) => `"${name}"`);
  return new GitError({
    kind: "not-found",
    who: "git",
    operation: `check out ${base}`,
    problem: empty ? `the repository is empty: it has no branch "${base}"` : `the repository has no branch "${base}"`,
    next: empty
      ? `push a first commit to "${base}" (a README is enough); a pull request needs something to be compared with`
      : `set repository.base to one that it has: ${named.join(", ")}${branches.length > 10 ? ", …" : ""}`,
  });
}

/** A pack without objects: twelve bytes of header and a digest. It is what a server sends when nothing is new. */
const EMPTY_PACK_BYTES = 12 + 32;

/** The packs of a repository that hold something, by path. */
export async function packsOf(folder: string): Promise<readonly string[]> {
  const place = join(folder, ".git", "objects", "pack");
  const paths = (await readdir(place)).filter((name) => name.endsWith(".pack")).map((name) => join(place, name));
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  return paths.filter((_, at) => (sizes[at] ?? 0) > EMPTY_PACK_BYTES);
}
