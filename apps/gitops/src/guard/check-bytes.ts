import { GitOpsError } from "../gitops-error.ts";

/**
 * The last look before a commit, at the bytes themselves: whatever went wrong before, no Secret and no Secret's value
 * is committed.
 * @throws GitOpsError "blocked"
 */
export function checkBytes(path: string, text: string, holdsSecret: (text: string) => boolean): void {
  if (/^["']?kind["']?: *["']?Secret["']?\s*$/m.test(text)) throw blocked(path, "it is a Secret");
  if (holdsSecret(text)) throw blocked(path, "it holds the value of a Secret in clear text");
}

function blocked(path: string, problem: string): GitOpsError {
  return new GitOpsError({
    kind: "blocked",
    who: "gitops",
    operation: `write ${path}`,
    problem,
    next: "nothing was pushed; take the value out of where it was copied to, then back up again",
  });
}
