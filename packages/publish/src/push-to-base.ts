import { GitError } from "@kubeferry/git";
import { GitOpsError, isEmpty, type Plan } from "@kubeferry/layout";
import { type Call, finishing, inSpan } from "@kubeferry/model";
import { countFiles, NO_FILES, type Published } from "./published.ts";
import type { Publishing } from "./publishing.ts";
import { commitMessage } from "./wording.ts";
import { writePlan } from "./write-plan.ts";

/**
 * Brings a plan to the base branch itself, as one commit on what it holds now. Whoever committed there before is no
 * matter.
 * @throws GitError "conflict" when the base moved meanwhile: plan again; GitOpsError "blocked", "protected"
 */
export async function pushToBase(
  plan: Plan,
  { tree, facts, gitops, shape, ...writing }: Omit<Publishing, "branches" | "host">,
  call: Call,
): Promise<Published> {
  const { base } = gitops.repository;
  const nothing: Published = {
    part: undefined,
    branch: base,
    commit: "",
    outcome: "none",
    pullRequest: undefined,
    files: NO_FILES,
    warnings: [],
  };
  const standing = { ...nothing, standing: { kind: "none" } } as const;
  if (isEmpty(plan)) return standing;
  await writePlan(plan, { tree, ...writing }, call);
  const commit = await tree.commit(commitMessage(facts, gitops), shape.roots, call);
  if (commit === undefined) return standing;
  try {
    call.signal.throwIfAborted();
    await inSpan(finishing(call), "push", {}, (inner) => tree.push(commit, base, tree.baseCommit, inner));
  } catch (error) {
    if (error instanceof GitError && error.kind === "protected") throw protectedBase(base, error);
    throw error;
  }
  call.log.info("branch pushed", { operation: "git_push", branch: base, commit });
  return { ...nothing, commit, files: countFiles(plan) };
}

function protectedBase(base: string, cause: GitError): GitOpsError {
  return new GitOpsError({
    kind: "protected",
    who: "gitops",
    operation: `push ${base}`,
    problem: cause.problem,
    next: `nothing was pushed; set gitops.mode: pull-request, or allow this user to push to ${base}`,
    cause,
  });
}
