import type { Meaning } from "../../http/answer-error.ts";
import type { ForgeAnswer, ForgeRequest } from "../../http/forge-http.ts";

/** What Gitea means where its status alone does not say it. */
export function explainGitea(answer: ForgeAnswer, request: ForgeRequest): Meaning | undefined {
  if (answer.status === 403 && /required scope/.test(answer.text)) return lacksScope();
  if (answer.status === 423) return archived();
  const opens = request.method === "POST" && request.path.endsWith("/pulls");
  return opens ? explainOpening(answer) : undefined;
}

function explainOpening({ status }: ForgeAnswer): Meaning | undefined {
  if (status === 409) return { kind: "conflict", problem: "a request for this branch is already open" };
  if (status === 404) {
    const problem = "the host does not know the repository or one of the two branches";
    return { kind: "not-found", problem, next: "check repository.url, base and branch" };
  }
  if (status === 422) return { kind: "invalid", problem: "the host sees nothing to merge, or refuses the text" };
  return undefined;
}

function lacksScope(): Meaning {
  return {
    kind: "denied",
    problem: "the token lacks a scope",
    next: "make a token with the scopes write:repository and write:issue",
  };
}

function archived(): Meaning {
  return { kind: "denied", problem: "the repository is archived", next: "unarchive it, or set another repository.url" };
}
