import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Call } from "@kubeferry/model";
import { FIRST_DEPTH, fetchBranch, listBranches, remoteTip } from "./branch-history.ts";
import { GitError } from "./git-error.ts";
import { missingGit } from "./git-failure.ts";
import type { RemoteUrl } from "./remote-url.ts";
import type { Git } from "./run-git.ts";
import { listSubmodules } from "./tree-changes.ts";

/** What is cloned, and where to. */
export interface CloneTarget {
  /** Empty, and where `git` runs. */
  readonly folder: string;
  readonly base: string;
  readonly remote: RemoteUrl;
}

/** A clone on disk with its base checked out. */
export interface PreparedClone {
  readonly folder: string;
  readonly base: string;
  readonly baseCommit: string;
  /** Paths of the base's submodules. */
  readonly submodules: ReadonlySet<string>;
}

/**
 * Clones the base branch into an empty folder and checks it out.
 * @throws GitError "missing-git"; "not-found" for a repository or branch that is not there; "denied"; "unavailable"
 */
export async function prepareClone(git: Git, target: CloneTarget, call: Call): Promise<PreparedClone> {
  const { folder, base, remote } = target;
  await checkVersion(git, call);
  await initialise(git, folder, call);
  await git.text({ operation: "prepare clone", args: ["remote", "add", "origin", remote.url] }, call);
  const baseCommit = await checkOutBase(git, base, call);
  call.log.debug("git work tree opened", { operation: "git_read", url: remote.url, base, commit: baseCommit });
  return { folder, base, baseCommit, submodules: await listSubmodules(git, baseCommit, call) };
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
  await git.text({ operation: "prepare clone", args: ["init", "--quiet"] }, call);
  // Attributes of the repository (line endings, keywords, filters) must not change a byte between our files and git.
  const attributes = "* -text -eol -ident -filter -working-tree-encoding\n";
  await mkdir(join(folder, ".git", "info"), { recursive: true });
  await writeFile(join(folder, ".git", "info", "attributes"), attributes);
}

async function checkOutBase(git: Git, base: string, call: Call): Promise<string> {
  if ((await remoteTip(git, base, call)) === undefined) throw await missingBase(git, base, call);
  const commit = await fetchBranch(git, base, `--depth=${FIRST_DEPTH}`, call);
  const args = ["checkout", "--quiet", "--detach", commit];
  await git.text({ operation: `check out ${base}`, args, remote: true }, call);
  return commit;
}

async function missingBase(git: Git, base: string, call: Call): Promise<GitError> {
  const branches = await listBranches(git, "", call);
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
