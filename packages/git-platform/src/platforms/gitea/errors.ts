import type { Meaning } from "../../http/answer-error.ts";
import type { ForgeAnswer, ForgeRequest } from "../../http/forge-http.ts";

/** What Gitea means where its status alone does not say it. */
export function explainGitea(answer: ForgeAnswer, request: ForgeRequest): Meaning | undefined {
  const { status, text } = answer;
  if (status === 403 && /required scope/.test(text)) return lacksScope();
  if (status === 423) return archived();
  if (request.method !== "POST") return undefined;
  if (request.path.endsWith("/pulls")) return explainOpening(answer);
  if (request.path.endsWith("/merge")) return explainMerging(answer);
  // The only answer that tells a missing person from a missing request is its text.
  if (status === 404 && /(User|Team) '.*' not exist/.test(text)) {
    return { kind: "invalid", problem: "the host has none of this name" };
  }
  return undefined;
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

function explainMerging({ status, text }: ForgeAnswer): Meaning | undefined {
  if (status !== 405) return undefined;
  if (/not allowed to merge/i.test(text)) return { kind: "denied", problem: "the token's user may not merge it" };
  if (/try again later/i.test(text)) {
    return { kind: "conflict", problem: "it conflicts with its base, or the host is still looking at it" };
  }
  return { kind: "invalid", problem: "the repository does not allow it, or not by this method" };
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
