import { GitError } from "./git-error.ts";

/**
 * Checks a branch name by git's own rules (git-check-ref-format), before it becomes part of an argument.
 * @throws GitError "invalid"
 */
export function checkBranch(branch: string): string {
  if (isBranchName(branch)) return branch;
  throw invalid(`use branch ${JSON.stringify(branch)}`, "git does not allow such a name");
}

/** True for what `checkBranch` takes. Stricter than git in one thing: no control character above ASCII either. */
export function isBranchName(branch: string): boolean {
  const broken =
    branch === "" ||
    branch === "@" ||
    /^[-/]|[/.]$|\/\/|\.\.|@\{|[\p{Cc} ~^:?*[\\]/u.test(branch) ||
    branch.split("/").some((part) => part.startsWith(".") || part.endsWith(".lock"));
  return !broken;
}

/**
 * Checks that a commit is given by its full id, so that no other expression reaches git.
 * @throws GitError "invalid"
 */
export function checkCommit(commit: string): string {
  if (/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) return commit;
  throw invalid(`use commit ${JSON.stringify(commit)}`, "a commit is named by its full hexadecimal id");
}

function invalid(operation: string, problem: string): GitError {
  return new GitError({ kind: "invalid", who: "git", operation, problem });
}
