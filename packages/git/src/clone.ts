import type { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { rename, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Call } from "@kubeferry/model";
import {
  commitsBeyond,
  FIRST_DEPTH,
  fetchBranch,
  listBranches,
  type RemoteBranch,
  remoteTip,
} from "./branch-history.ts";
import { type CommitMessage, formatMessage } from "./commit-message.ts";
import { checkBranch, checkCommit } from "./names.ts";
import type { PreparedClone } from "./prepare-clone.ts";
import { conflict, pushFailure } from "./push-answer.ts";
import type { Git } from "./run-git.ts";
import { checkPath, checkPrefix, placeForRemoving, placeForWriting, refuseSubmodule } from "./safe-path.ts";
import type { Signer } from "./signing/signer.ts";
import { compareTrees, diffTrees, listTree, writeTree } from "./tree-changes.ts";
import type { WorkTree } from "./work-tree.ts";

/** Who a commit is by. */
export interface CommitAuthor {
  readonly name: string;
  readonly email: string;
}

/** A clone that stands on disk, with its base checked out. */
export interface Clone extends PreparedClone {
  readonly git: Git;
  readonly author: CommitAuthor;
  /** Undefined: commits are not signed. */
  readonly signer: Signer | undefined;
  readonly now: () => Date;
  /** Removes everything from disk. */
  readonly remove: () => Promise<void>;
}

/** The work tree's operations on a clone. */
export function createClone(clone: Clone): WorkTree {
  const { git, folder, baseCommit } = clone;
  const oneAtATime = createQueue(); // git locks its index
  return {
    folder,
    baseCommit,
    remoteBranch: async (branch, call) => readRemoteBranch(clone, checkBranch(branch), call),
    remoteBranches: (prefix, call) => listBranches(git, prefix, call),
    readFile: async (commit, path, call) => readBlob(git, checkCommit(commit), checkPath(path), call),
    listFiles: async (commit, prefix, call) => listTree(git, checkCommit(commit), checkPrefix(prefix), call),
    writeFile: (path, content) => replaceFile(clone, path, content),
    removeFile: (path) => removeFile(clone, path),
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
    commit: (message, prefixes, call) => oneAtATime(() => commitChanges(clone, message, prefixes, call)),
    push: async (commit, branch, expected, call) => push(git, { commit: checkCommit(commit), branch, expected }, call),
    deleteRemoteBranch: async (branch, expected, call) => deleteBranch(git, branch, checkCommit(expected), call),
    checkPush: (branch, call) => tryPush(git, baseCommit, branch, call),
    close: () => clone.remove(),
  };
}

async function readRemoteBranch(clone: Clone, branch: string, call: Call): Promise<RemoteBranch | undefined> {
  if ((await remoteTip(clone.git, branch, call)) === undefined) return undefined;
  const commit = await fetchBranch(clone.git, branch, `--depth=${FIRST_DEPTH}`, call);
  const range = { baseCommit: clone.baseCommit, commit, branches: [clone.base, branch] };
  return { commit, ...(await commitsBeyond(clone.git, clone.folder, range, call)) };
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

// Written beside and moved into place: a link at `path` is replaced and not followed, and git sees a new file even
// when size and time are those of the old one.
async function replaceFile(clone: Clone, path: string, content: string | Uint8Array): Promise<void> {
  refuseSubmodule(path, clone.submodules);
  const place = await placeForWriting(clone.folder, path);
  const beside = join(clone.folder, ".git", `kubeferry-${randomUUID()}`);
  try {
    await writeFile(beside, content, { flag: "wx", mode: 0o644 });
    await rename(beside, place);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

async function removeFile({ folder, submodules }: Clone, path: string): Promise<void> {
  refuseSubmodule(path, submodules);
  const place = await placeForRemoving(folder, path);
  await rm(place, { force: true });
  await removeEmptyFolders(dirname(place), folder);
}

async function removeEmptyFolders(from: string, root: string): Promise<void> {
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

async function commitChanges(
  clone: Clone,
  message: CommitMessage,
  prefixes: readonly string[],
  call: Call,
): Promise<string | undefined> {
  const { git, baseCommit } = clone;
  const operation = "commit";
  const input = formatMessage(message);
  const tree = await writeTree(git, baseCommit, prefixes.map(checkPrefix), call);
  const baseTree = await git.text({ operation, args: ["rev-parse", "--verify", `${baseCommit}^{tree}`] }, call);
  if (tree === baseTree.trim()) return undefined;
  const { signer } = clone;
  const args = ["commit-tree", tree, "-p", baseCommit, ...(signer === undefined ? [] : ["-S"]), "-F", "-"];
  const variables = { ...identity(clone), ...signer?.variables };
  return (await git.text({ operation, args, input, variables, settings: signer?.config ?? [] }, call)).trim();
}

function identity({ author, now }: Clone): Readonly<Record<string, string>> {
  const date = `${Math.floor(now().getTime() / 1000)} +0000`;
  return {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
    GIT_COMMITTER_DATE: date,
  };
}

async function push(
  git: Git,
  to: { readonly commit: string; readonly branch: string; readonly expected: string | undefined },
  call: Call,
): Promise<void> {
  const ref = `refs/heads/${checkBranch(to.branch)}`;
  const lease = `--force-with-lease=${ref}:${to.expected === undefined ? "" : checkCommit(to.expected)}`;
  const operation = `push to ${to.branch}`;
  const args = ["push", "--porcelain", "--no-verify", lease, "origin", `${to.commit}:${ref}`];
  const answer = await git.attempt({ operation, args, remote: true }, call);
  if (answer.exitCode !== 0) throw pushFailure(operation, to.branch, answer);
}

async function deleteBranch(git: Git, branch: string, expected: string, call: Call): Promise<void> {
  const ref = `refs/heads/${checkBranch(branch)}`;
  const operation = `delete branch ${branch}`;
  const tip = await remoteTip(git, branch, call);
  if (tip === undefined) return;
  if (tip !== expected) throw conflict(operation, branch);
  const args = ["push", "--porcelain", "--no-verify", `--force-with-lease=${ref}:${expected}`, "origin", `:${ref}`];
  const answer = await git.attempt({ operation, args, remote: true }, call);
  if (answer.exitCode !== 0) throw pushFailure(operation, branch, answer);
}

async function tryPush(git: Git, commit: string, branch: string, call: Call): Promise<void> {
  const ref = `refs/heads/${checkBranch(branch)}`;
  const operation = `try a push to ${branch}`;
  const args = ["push", "--dry-run", "--porcelain", "--no-verify", "--force", "origin", `${commit}:${ref}`];
  const answer = await git.attempt({ operation, args, remote: true }, call);
  if (answer.exitCode !== 0) throw pushFailure(operation, branch, answer);
}

// Runs one step after the other; a failed one does not hold up the next.
function createQueue(): <T>(step: () => Promise<T>) => Promise<T> {
  const state: { last: Promise<unknown> } = { last: Promise.resolve() };
  return (step) => {
    const next = state.last.then(step, step);
    state.last = next;
    return next;
  };
}
