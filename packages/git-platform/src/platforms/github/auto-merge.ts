import type { Call } from "@kubeferry/model";
import { z } from "zod";
import type { MergeMethod, PullRequest } from "../../platform.ts";
import { PlatformError, type PlatformErrorKind } from "../../platform-error.ts";
import type { GitHubApi } from "./api.ts";
import { DISABLE_AUTO_MERGE, ENABLE_AUTO_MERGE, LOOK_AT_MERGE } from "./auto-merge-documents.ts";
import { askGraphql } from "./graphql.ts";
import { mergeNow } from "./merge-now.ts";
import { numbered } from "./paths.ts";
import { type GraphqlMergeMethod, GraphqlMergeState } from "./schema.ts";

/** See GitPlatform. A request whose rules are met already is merged at once: GitHub sets auto-merge for no such one. */
export async function enableAutoMerge(
  api: GitHubApi,
  open: PullRequest,
  how: { readonly method: MergeMethod; readonly commit: string },
  call: Call,
): Promise<void> {
  const operation = `set auto-merge of pull request ${numbered(open)}`;
  const { repository, pull } = await lookAtMerge(api, open, operation, call);
  if (pull.state === "MERGED") return;
  if (pull.state === "CLOSED") throw refusal(operation, "conflict", "the request is closed");
  if (pull.isDraft) throw refusal(operation, "invalid", "the request is a draft", "mark it as ready on GitHub");
  if (pull.headRefOid !== how.commit) throw refusal(operation, "conflict", "the branch moved after it was pushed");
  const method = methodIn(repository, how.method, operation);
  if (pull.autoMergeRequest?.mergeMethod === method) return;
  if (pull.autoMergeRequest !== null) await disable(api, pull.id, operation, call);
  const outcome = await askGraphql(
    api,
    {
      operation,
      document: ENABLE_AUTO_MERGE,
      variables: { id: pull.id, mergeMethod: method, head: how.commit },
      answer: z.object({}),
    },
    call,
  );
  if (outcome.type === "data") return;
  if (!/clean status/i.test(outcome.reasons)) throw refusedToEnable(operation, outcome.reasons);
  const isMerged = async () => (await lookAtMerge(api, open, operation, call)).pull.state === "MERGED";
  const deletesBranch = !repository.deleteBranchOnMerge;
  await mergeNow(api, open, { method, commit: how.commit, isMerged, deletesBranch }, call);
}

/** See GitPlatform. */
export async function cancelAutoMerge(api: GitHubApi, open: PullRequest, call: Call): Promise<void> {
  const operation = `take back auto-merge of pull request ${numbered(open)}`;
  const { pull } = await lookAtMerge(api, open, operation, call);
  if (pull.isInMergeQueue) {
    throw refusal(operation, "conflict", "the request waits in the merge queue", "take it out of the queue");
  }
  if (pull.autoMergeRequest === null || pull.state !== "OPEN") return;
  const outcome = await disable(api, pull.id, operation, call);
  if (outcome.type === "data") return;
  const now = await lookAtMerge(api, open, operation, call);
  if (now.pull.autoMergeRequest !== null) throw refusal(operation, "conflict", "GitHub does not take it back");
}

interface MergeState {
  readonly repository: NonNullable<GraphqlMergeState["repository"]>;
  readonly pull: NonNullable<NonNullable<GraphqlMergeState["repository"]>["pullRequest"]>;
}

async function lookAtMerge(
  api: GitHubApi,
  { repo, number, to }: PullRequest,
  operation: string,
  call: Call,
): Promise<MergeState> {
  const variables = { owner: repo.owner, name: repo.name, number, base: to };
  const asked = { operation, document: LOOK_AT_MERGE, variables, answer: GraphqlMergeState };
  const outcome = await askGraphql(api, asked, call);
  if (outcome.type === "refused") throw refusal(operation, "invalid", "GitHub does not take the question");
  const { repository } = outcome.data;
  const pull = repository?.pullRequest ?? undefined;
  if (repository === null || pull === undefined) {
    throw refusal(operation, "not-found", "GitHub does not know it, or does not show it to this token");
  }
  return { repository, pull };
}

function disable(api: GitHubApi, id: string, operation: string, call: Call) {
  return askGraphql(api, { operation, document: DISABLE_AUTO_MERGE, variables: { id }, answer: z.object({}) }, call);
}

const METHODS = { merge: "MERGE", squash: "SQUASH", rebase: "REBASE" } as const;

function methodIn(repository: MergeState["repository"], wanted: MergeMethod, operation: string): GraphqlMergeMethod {
  const settings = "the repository's settings";
  if (repository.mergeQueue !== null) {
    const next = "merge by hand, and set pullRequest.autoMerge: off";
    throw refusal(operation, "invalid", "the branch is merged by a merge queue, which is not supported", next);
  }
  if (!repository.autoMergeAllowed) {
    const next = `switch on "Allow auto-merge" in ${settings} (allow_auto_merge)`;
    throw refusal(operation, "invalid", "the repository does not allow auto-merge", next);
  }
  if (wanted === "default") return repository.viewerDefaultMergeMethod;
  const allowed = {
    merge: repository.mergeCommitAllowed,
    squash: repository.squashMergeAllowed,
    rebase: repository.rebaseMergeAllowed,
  };
  if (allowed[wanted]) return METHODS[wanted];
  const next = `allow it in ${settings}, or set pullRequest.autoMerge: default`;
  throw refusal(operation, "invalid", `the repository does not allow the method ${wanted}`, next);
}

function refusedToEnable(operation: string, reasons: string): PlatformError {
  if (/unstable status/i.test(reasons)) {
    const problem = "nothing that is required is missing, but a check that is not required failed or is not done";
    return refusal(operation, "invalid", problem, "require the check in the rules of the branch, or merge by hand");
  }
  if (/rules not configured/i.test(reasons)) {
    const next = "add a rule that requires kubeferry/validation, or merge by hand";
    return refusal(operation, "invalid", "the branch has no rules that auto-merge could wait for", next);
  }
  if (/head ?(branch|sha|oid)|expected/i.test(reasons)) {
    return refusal(operation, "conflict", "the branch moved after it was pushed");
  }
  return refusal(operation, "invalid", "GitHub does not set auto-merge for this request", "look at it on GitHub");
}

function refusal(operation: string, kind: PlatformErrorKind, problem: string, next?: string): PlatformError {
  return new PlatformError({ kind, who: "github", operation, problem, ...(next === undefined ? {} : { next }) });
}
