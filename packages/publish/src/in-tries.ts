import { GitError } from "@kubeferry/git";
import { GitOpsError } from "@kubeferry/layout";
import type { Call } from "@kubeferry/model";

/** How often a lost race is run again, the first time included. */
const TRIES = 3;

/**
 * Does something again that lost a race, each time on what is there by then.
 * @param attempt told whether it is the last one
 * @throws GitOpsError "conflict" when every try lost; whatever else a try throws
 */
export async function inTries<Result>(
  operation: string,
  attempt: (isLast: boolean) => Promise<Result>,
  call: Call,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt(tries === TRIES);
    } catch (error) {
      if (!(error instanceof GitError) || error.kind !== "conflict") throw error;
      if (tries === TRIES) throw lostEveryRace(operation, error);
      call.log.info("lost a race, planning again on what is there now", { operation: "git_push", tries });
    }
  }
}

function lostEveryRace(operation: string, cause: GitError): GitOpsError {
  const what = operation.startsWith("push ") ? "the branch moved" : "its files changed";
  return new GitOpsError({
    kind: "conflict",
    who: "gitops",
    operation,
    problem: `${what} at each of ${TRIES} tries`,
    next: "see who else writes to it, then run again",
    cause,
  });
}
