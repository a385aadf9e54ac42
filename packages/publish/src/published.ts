import { allChanges, type Plan } from "@kubeferry/layout";
import type { PullRequestOutcome } from "@kubeferry/model";
import type { Proposal } from "./host.ts";

/** Files that a commit writes, changes and removes. */
export interface FileCounts {
  readonly written: number;
  readonly changed: number;
  readonly removed: number;
}

/** What became of one part of a run. */
export interface Published {
  /** Undefined where everything is in one. */
  readonly part: string | undefined;
  /** The branch that was written, or left as it is. */
  readonly branch: string;
  /** "" when no commit was needed, or none could be made. */
  readonly commit: string;
  /** "none": nothing to propose, or no host that was asked for a request. */
  readonly outcome: PullRequestOutcome;
  readonly pullRequest: { readonly url: string; readonly number: number } | undefined;
  /** Of the commit; nothing where there is none. */
  readonly files: FileCounts;
  readonly warnings: readonly string[];
  /** Why this part came to nothing; then its outcome is "failed". */
  readonly error?: unknown;
  /** Where nothing was done: what another run has to see to as long as nothing moves. */
  readonly standing?: Standing;
}

/** How a part stands that needs nothing. */
export type Standing =
  /** There is no branch for it, or no host that was asked. */
  | { readonly kind: "none" }
  /** A branch that proposes nothing, and has no open request. */
  | { readonly kind: "idle" }
  /** A branch that proposes what is wanted, and its request. */
  | { readonly kind: "proposed"; readonly proposal: Proposal };

/** Nothing counted. */
export const NO_FILES: FileCounts = { written: 0, changed: 0, removed: 0 };

/** Whether there is anything to say of it: a commit, a request, a failure. */
export function isWorthTelling({ commit, pullRequest, error }: Published): boolean {
  return commit !== "" || pullRequest !== undefined || error !== undefined;
}

/** The files that a plan writes, changes and removes. */
export function countFiles(plan: Plan): FileCounts {
  const { added, changed, removed } = allChanges(plan);
  return { written: added.length, changed: changed.length, removed: removed.length };
}
