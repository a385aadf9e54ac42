import { GitError, type RemoteBranch, type WorkTree } from "@kubeferry/git";
import type { PullRequestResult } from "@kubeferry/git-platform";
import { type Call, finishing } from "@kubeferry/model";
import type { Publishing } from "./publishing.ts";

/** A branch of ours that proposes nothing any more. */
export interface StaleBranch {
  readonly name: string;
  readonly remote: RemoteBranch;
  /** What the comment on its request says. */
  readonly reason: string;
}

/**
 * Closes the open request of a branch with a comment, and deletes the branch. One that was merged and has nothing of its
 * own stays, as its host left it.
 * @returns undefined when no request was open
 * @throws GitError "conflict" when somebody pushed to the branch since it was read: what is on it now is nobody's to close
 */
export async function withdraw(
  { name, remote, reason }: StaleBranch,
  { host, tree }: Pick<Publishing, "host" | "tree">,
  call: Call,
): Promise<PullRequestResult | undefined> {
  if (remote.commits.length > 0) await checkStays(tree, name, remote.commit, call);
  call.signal.throwIfAborted();
  const last = finishing(call);
  const request = await host.withdraw(name, reason, last);
  if (remote.commits.length > 0 || request !== undefined) await deleteBranch(tree, name, remote.commit, last);
  return request;
}

async function checkStays(tree: WorkTree, branch: string, expected: string, call: Call): Promise<void> {
  const tip = (await tree.remoteBranches(branch, call)).find(({ name }) => name === branch);
  if (tip === undefined || tip.commit === expected) return;
  throw new GitError({
    kind: "conflict",
    who: "gitops",
    operation: `withdraw ${branch}`,
    problem: "it moved after it was read",
    next: "run again to see what is there now",
  });
}

async function deleteBranch(tree: WorkTree, branch: string, expected: string, call: Call): Promise<void> {
  try {
    await tree.deleteRemoteBranch(branch, expected, call);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    // The branch holds nothing that is not in the base: that it stays does no harm.
    call.log.warn("branch without a proposal could not be deleted", { operation: "git_push", branch, error });
  }
}
