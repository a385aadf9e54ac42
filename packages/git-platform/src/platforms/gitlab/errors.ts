import type { Meaning } from "../../http/answer-error.ts";
import type { ForgeAnswer, ForgeRequest } from "../../http/forge-http.ts";

/** What GitLab means where its status alone does not say it. */
export function explainGitLab(answer: ForgeAnswer, request: ForgeRequest): Meaning | undefined {
  if (answer.status === 403 && /insufficient_scope/.test(answer.text)) return lacksScope();
  const { method, path } = request;
  if (method === "POST" && path.endsWith("/merge_requests")) return explainOpening(answer);
  if (method === "PUT" && path.endsWith("/merge")) return explainMerging(answer);
  if (path.endsWith("/cancel_merge_when_pipeline_succeeds")) return explainCancelling(answer);
  return undefined;
}

function explainOpening({ status, text }: ForgeAnswer): Meaning | undefined {
  if (status === 409) return { kind: "conflict", problem: "a request for this branch is already open" };
  if (status === 422 || (status === 400 && /branch/.test(text))) {
    return { kind: "invalid", problem: "the host sees nothing to merge between these branches" };
  }
  return undefined;
}

function explainMerging({ status }: ForgeAnswer): Meaning | undefined {
  switch (status) {
    case 401: // GitLab's word for "may not merge"; a token that it does not know never comes here
      return {
        kind: "denied",
        problem: "the token's user may not merge into this branch",
        next: "give the token a role that may merge, or switch pullRequest.autoMerge off",
      };
    case 405: {
      const problem =
        "the host cannot merge the request by itself: a draft, or a rule that auto-merge does not wait for";
      return { kind: "invalid", problem, next: "look at what the request says, or switch pullRequest.autoMerge off" };
    }
    case 406:
    case 422:
      return { kind: "invalid", problem: "the branches conflict", next: "merge or close the request by hand" };
    case 409:
      return { kind: "conflict", problem: "the branch has another newest commit than was pushed", next: "run again" };
    default:
      return undefined;
  }
}

function explainCancelling({ status }: ForgeAnswer): Meaning | undefined {
  if (status !== 401) return undefined;
  return {
    kind: "denied",
    problem: "the token's user may not take auto-merge back",
    next: "give the token a role that may merge",
  };
}

function lacksScope(): Meaning {
  return {
    kind: "denied",
    problem: "the token lacks a scope",
    next: "make a token with the scopes api and write_repository",
  };
}
