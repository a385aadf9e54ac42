import type { RemoteBranch, WorkTree } from "@kubeferry/git";
import type { Call } from "@kubeferry/model";
import { GitOpsError } from "../gitops-error.ts";
import type { Source } from "../read/source.ts";
import { isOurs } from "./trailers.ts";

/** The branch that a run may set. */
export interface ChosenBranch {
  readonly name: string;
  /** As the remote has it; undefined when it does not exist there. */
  readonly remote: RemoteBranch | undefined;
  /** Branches before it that hold somebody's work, in order. */
  readonly passedOver: readonly string[];
}

const MOST_BRANCHES = 20;

/**
 * Finds the branch to write: the configured one, or the next numbered one when people committed to it. A branch with
 * anybody else's commit is never touched.
 * @throws GitOpsError "blocked" when people work on all of them
 */
export async function chooseBranch(
  tree: WorkTree,
  configured: string,
  sources: readonly Source[],
  call: Call,
): Promise<ChosenBranch> {
  const passedOver: string[] = [];
  for (let number = 1; number <= MOST_BRANCHES; number++) {
    const name = number === 1 ? configured : `${configured}-${number}`;
    const remote = await tree.remoteBranch(name, call);
    if (remote === undefined || remote.commits.every((commit) => isOurs(commit, sources))) {
      return { name, remote, passedOver };
    }
    passedOver.push(name);
  }
  throw new GitOpsError({
    kind: "blocked",
    who: "gitops",
    operation: `choose a branch beside ${configured}`,
    problem: `${MOST_BRANCHES} branches of this name hold commits of other people`,
    next: "merge or delete those that are done with, or set another gitops.repository.branch",
  });
}
