import type { RemoteBranch, WorkTree } from "@kubeferry/git";
import type { Call } from "@kubeferry/model";
import { GitOpsError } from "../gitops-error.ts";
import { branchName, MOST_BRANCHES } from "./branch-names.ts";
import { isOurs, type OwnMarks } from "./trailers.ts";

/** The branch that a run may set. */
export interface ChosenBranch {
  readonly name: string;
  /** As the remote has it; undefined when it does not exist there. */
  readonly remote: RemoteBranch | undefined;
  /** Branches before it that hold somebody's work, in order. */
  readonly passedOver: readonly string[];
}

/** Where branches are looked for. */
export interface BranchSearch extends OwnMarks {
  readonly tree: Pick<WorkTree, "remoteBranch">;
  /** `gitops.repository.branch`. */
  readonly configured: string;
  /** The remote's branches whose names begin so. */
  readonly existing: ReadonlySet<string>;
}

/**
 * Finds the branch to write for a part: the one on which it is proposed already, else the first that nobody else has
 * committed to. A branch with anybody else's commit is never touched.
 * @param part undefined for the branch that holds everything
 * @throws GitOpsError "blocked" when people work on all of them
 */
export async function chooseBranch(
  { tree, configured, existing, ...marks }: BranchSearch,
  part: string | undefined,
  call: Call,
): Promise<ChosenBranch> {
  const passedOver: string[] = [];
  let free: ChosenBranch | undefined;
  for (let number = 1; number <= MOST_BRANCHES; number++) {
    const name = branchName(configured, { part, number });
    const remote = existing.has(name) ? await tree.remoteBranch(name, call) : undefined;
    const chosen: ChosenBranch = { name, remote, passedOver: [...passedOver] };
    const commits = remote?.commits ?? [];
    if (commits.length === 0) free ??= chosen;
    else if (commits.every((commit) => isOurs(commit, marks, part))) return chosen;
    else passedOver.push(name);
  }
  if (free !== undefined) return free;
  throw new GitOpsError({
    kind: "blocked",
    who: "gitops",
    operation: `choose a branch beside ${branchName(configured, { part, number: 1 })}`,
    problem: `${MOST_BRANCHES} branches of this name hold commits of other people`,
    next: "merge or delete those that are done with, or set another gitops.repository.branch",
  });
}
