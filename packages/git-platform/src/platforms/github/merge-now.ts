import type { Call } from "@kubeferry/model";
import type { PullRequest } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import type { GitHubApi } from "./api.ts";
import { at, numbered } from "./paths.ts";
import type { GraphqlMergeMethod } from "./schema.ts";

/** How a request is merged whose rules are met. */
export interface MergeNow {
  readonly method: GraphqlMergeMethod;
  /** What may be merged, and nothing newer. */
  readonly commit: string;
  /** Asked when GitHub says that the request cannot be merged. */
  readonly isMerged: () => Promise<boolean>;
  /** False where the repository deletes merged branches by itself. */
  readonly deletesBranch: boolean;
}

/** Merges a request and deletes its branch. */
export async function mergeNow(api: GitHubApi, open: PullRequest, how: MergeNow, call: Call): Promise<void> {
  const merge_method = METHODS[how.method];
  const wanted = { ...at(open.repo), pull_number: open.number, merge_method, sha: how.commit };
  const operation = `merge pull request ${numbered(open)}`;
  try {
    await api.done({ operation, send: ({ rest }) => rest.pulls.merge(wanted) }, call);
  } catch (error) {
    // When an answer is lost it is asked for again, and what is merged already is no conflict.
    if (!(error instanceof PlatformError && error.kind === "conflict" && (await how.isMerged()))) throw error;
  }
  if (how.deletesBranch) await deleteBranch(api, open, call);
}

const METHODS = { MERGE: "merge", SQUASH: "squash", REBASE: "rebase" } as const;

// What was wanted is done; a branch that stays is worth a line and no error.
async function deleteBranch(api: GitHubApi, open: PullRequest, call: Call): Promise<void> {
  const wanted = { ...at(open.repo), ref: `heads/${open.from}` };
  const operation = `delete the branch of pull request ${numbered(open)}`;
  try {
    await api.done({ operation, send: ({ rest }) => rest.git.deleteRef(wanted) }, call);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    call.log.warn("merged branch could not be deleted", { operation: "host_request", host: "github", error });
  }
}
