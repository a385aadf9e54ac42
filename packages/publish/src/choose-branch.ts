import type { RemoteBranch } from "@kubeferry/git";
import { GitOpsError } from "@kubeferry/layout";
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
  /** The branches of ours by their names, read at once when the try began; a push says which commit it replaces. */
  readonly existing: ReadonlyMap<string, RemoteBranch>;
}

/**
 * Finds the branch to write for a part: the one on which it is proposed already, else the first that nobody else has
 * committed to. A branch with anybody else's commit is never touched.
 * @param part undefined for the branch that holds everything
 * @throws GitOpsError "blocked" when people work on all of them
 */
export function chooseBranch(branches: BranchSearch, part: string | undefined): ChosenBranch {
  const { configured, existing } = branches;
  const passedOver: string[] = [];
  let free: ChosenBranch | undefined;
  for (let number = 1; number <= MOST_BRANCHES; number++) {
    const name = branchName(configured, { part, number });
    const remote = existing.get(name);
    const chosen: ChosenBranch = { name, remote, passedOver: [...passedOver] };
    const commits = remote?.commits ?? [];
    if (commits.length === 0) free ??= chosen;
    else if (commits.every((commit) => isOurs(commit, branches, part))) return chosen;
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
