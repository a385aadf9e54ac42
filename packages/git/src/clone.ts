import type { Call } from "@kubeferry/model";
import {
  commitsBeyond,
  FIRST_DEPTH,
  fetchBranch,
  fetchBranches,
  listBranches,
  type RemoteBranch,
  remoteTip,
} from "./branch-history.ts";
import { type CommitMessage, formatMessage } from "./commit-message.ts";
import { createFileTree, type OpenFileTree, type TreePlace } from "./file-tree.ts";
import { GitError } from "./git-error.ts";
import { checkBranch, checkCommit } from "./names.ts";
import type { PreparedClone } from "./prepare-clone.ts";
import { conflict, pushFailure } from "./push-answer.ts";
import type { Git } from "./run-git.ts";
import type { Signer } from "./signing/signer.ts";
import type { WorkTree } from "./work-tree.ts";

/** Who a commit is by. */
export interface CommitAuthor {
  readonly name: string;
  readonly email: string;
}

/** A clone that stands on disk. */
export interface Clone extends PreparedClone, TreePlace {
  readonly author: CommitAuthor;
  /** Undefined: commits are not signed. */
  readonly signer: Signer | undefined;
  readonly now: () => Date;
}

/** The work tree's operations on a clone. */
export function createClone(clone: Clone): WorkTree {
  const { git, baseCommit, oneAtATime } = clone;
  const files = createFileTree(clone);
  return {
    ...files,
    remoteBranch: async (branch, call) => readRemoteBranch(clone, checkBranch(branch), call),
    readBranches: async (branches, call) => readBranches(clone, branches.map(checkBranch), call),
    remoteBranches: (prefix, call) => listBranches(git, prefix, call),
    commit: (message, prefixes, call) => oneAtATime(() => commitChanges(clone, files, { message, prefixes }, call)),
    push: async (commit, branch, expected, call) => push(git, { commit: checkCommit(commit), branch, expected }, call),
    deleteRemoteBranch: async (branch, expected, call) => deleteBranch(git, branch, checkCommit(expected), call),
    checkPush: (branch, call) => tryPush(git, baseCommit, branch, call),
  };
}

async function readRemoteBranch(clone: Clone, branch: string, call: Call): Promise<RemoteBranch | undefined> {
  if ((await remoteTip(clone.git, branch, call)) === undefined) return undefined;
  return historyOf(clone, branch, await fetchBranch(clone.git, branch, WITH_CONTENT, call), call);
}

/** With the content of a branch's own commits: what an earlier run wrote there is read again, file by file. */
const WITH_CONTENT = [`--depth=${FIRST_DEPTH}`, "--no-filter"];

async function readBranches(
  clone: Clone,
  branches: readonly string[],
  call: Call,
): Promise<ReadonlyMap<string, RemoteBranch>> {
  const read = new Map<string, RemoteBranch>();
  if (branches.length === 0) return read;
  for (const [branch, commit] of await fetchOrConflict(clone.git, branches, call)) {
    read.set(branch, await historyOf(clone, branch, commit, call));
  }
  return read;
}

/** Git fails a whole fetch for one branch that is not there. */
async function fetchOrConflict(git: Git, branches: readonly string[], call: Call) {
  try {
    return await fetchBranches(git, branches, WITH_CONTENT, call);
  } catch (error) {
    if (!(error instanceof GitError) || error.kind !== "not-found") throw error;
    const there = new Set((await listBranches(git, "", call)).map(({ name }) => name));
    const gone = branches.find((branch) => !there.has(branch));
    throw gone === undefined ? error : conflict("fetch branches", gone);
  }
}

async function historyOf(clone: Clone, branch: string, commit: string, call: Call): Promise<RemoteBranch> {
  const range = { baseCommit: clone.baseCommit, commit, branches: [clone.base, branch] };
  return { commit, ...(await commitsBeyond(clone.git, clone.folder, range, call)) };
}

async function commitChanges(
  clone: Clone,
  files: OpenFileTree,
  { message, prefixes }: { readonly message: CommitMessage; readonly prefixes: readonly string[] },
  call: Call,
): Promise<string | undefined> {
  const { git, baseCommit } = clone;
  const operation = "commit";
  const input = formatMessage(message);
  const tree = await files.writtenTree(prefixes, call);
  const baseTree = await git.text({ operation, args: ["rev-parse", "--verify", `${baseCommit}^{tree}`] }, call);
  if (tree === baseTree.trim()) return undefined;
  const { signer } = clone;
  const args = ["commit-tree", tree, "-p", baseCommit, ...(signer === undefined ? [] : ["-S"]), "-F", "-"];
  const variables = { ...identity(clone), ...signer?.variables };
  return (await git.text({ operation, args, input, variables, settings: signer?.config ?? [] }, call)).trim();
}

function identity({ author, now }: Clone): Readonly<Record<string, string>> {
  const date = `@${Math.floor(now().getTime() / 1000)} +0000`;
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
