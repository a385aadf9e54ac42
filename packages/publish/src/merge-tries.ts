import { GitError } from "@kubeferry/git";
import type { Published } from "./published.ts";

/**
 * Puts what a try did over what the tries before it did: a part that was pushed then is unchanged now,
 * and what was withdrawn then is not there any more.
 * @param before what earlier tries did; it is added to
 * @returns what was done in all tries
 * @throws GitError "conflict" of a part that lost its race, where another try follows
 */
export function mergeTries(before: Published[], now: readonly Published[], isLast: boolean): readonly Published[] {
  const again = new Set(now.map(({ branch }) => branch));
  const gone = before.filter(({ branch, outcome }) => outcome === "closed" && !again.has(branch));
  const parts = now.map((each) => {
    const earlier = before.find(({ branch }) => branch === each.branch);
    return earlier !== undefined && each.commit === "" && each.error === undefined && each.outcome !== "closed"
      ? earlier
      : each;
  });
  const merged = [...parts, ...gone];
  const lost = merged.find(({ error }) => error instanceof GitError && error.kind === "conflict");
  if (lost === undefined || isLast) return merged;
  before.splice(0, before.length, ...merged.filter(({ commit, outcome }) => commit !== "" || outcome === "closed"));
  throw lost.error;
}
