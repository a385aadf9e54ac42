import { GitError } from "./git-error.ts";
import { type FailedAnswer, failureOf, serverSaid } from "./git-failure.ts";

/** The branch moved between our reading and the server's writing. "non-fast-forward" is not among them: git itself does
 * not say so of a push with a lease, only a server that lets nobody set a branch back. */
const MOVED =
  /stale info|fetch first|already exists|incorrect old value|cannot lock ref|failed to update ref|remote ref updated/i;

/** Reasons that are neither a race nor a rule. */
const UNUSABLE = /shallow update not allowed|currently checked out|unpack|missing necessary objects/i;

/**
 * Turns a failed push into an error: "conflict" when the branch moved, "protected" with the rule when the server
 * refused this one branch, else what `failureOf` says.
 */
export function pushFailure(operation: string, branch: string, answer: FailedAnswer): GitError {
  const reason = rejectionOf(answer.stdout);
  if (reason === undefined) return failureOf(operation, answer);
  if (MOVED.test(reason)) return conflict(operation, branch);
  const said = serverSaid(answer.stderr);
  const why = said === "" ? reason : `${reason}: ${said}`;
  if (UNUSABLE.test(reason)) {
    return new GitError({ kind: "invalid", who: "git", operation, problem: `the server refused the commit (${why})` });
  }
  return new GitError({
    kind: "protected",
    who: "git",
    operation,
    problem: `a rule of the server protects branch "${branch}" (${why})`,
    next: "push to another branch (repository.branch), or allow this user to push to it",
  });
}

/** The remote branch is not at the commit where it was read. */
export function conflict(operation: string, branch: string): GitError {
  return new GitError({
    kind: "conflict",
    who: "git",
    operation,
    problem: `branch "${branch}" moved after it was read`,
    next: "run again to build on what is there now",
  });
}

// `git push --porcelain`: "!\t<from>:<to>\t[remote rejected] (reason)".
function rejectionOf(stdout: string): string | undefined {
  const line = stdout.split("\n").find((candidate) => candidate.startsWith("!\t"));
  if (line === undefined) return undefined;
  const status = line.split("\t")[2] ?? "";
  return /\((.*)\)\s*$/.exec(status)?.[1] ?? status;
}
