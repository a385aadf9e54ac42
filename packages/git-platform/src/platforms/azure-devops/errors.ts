import type { Meaning } from "../../http/answer-error.ts";
import type { ForgeAnswer } from "../../http/forge-http.ts";

const RIGHT_TOKEN =
  "check repository.token, and that its scopes are Code (read and write), Code (status) and Project and Team (read)";

/** What Azure DevOps means where its status alone does not say it. */
export function explainAzure(answer: ForgeAnswer): Meaning | undefined {
  const { status, text, headers } = answer;
  if (status === 203 || (status === 302 && /_signin/i.test(headers.location ?? ""))) return signInPage();
  if (status === 401) return { kind: "denied", problem: "the token is not accepted", next: RIGHT_TOKEN };
  if (status === 403 && /PullRequestContribute/.test(text)) return lacksPermission("Contribute to pull requests");
  if (status === 403 && /GenericContribute/.test(text)) return lacksPermission("Contribute");
  if (/VssVersionOutOfRange/.test(text)) return tooOld();
  if (/TF401179|GitPullRequestExists/.test(text)) {
    return { kind: "conflict", problem: "a request for this branch is already open" };
  }
  if (/TF401019|TF200016/.test(text)) {
    const problem = "the host does not know the project or the repository, or the token may not see it";
    return { kind: "not-found", problem, next: "check repository.url, and that the token may see the repository" };
  }
  if (/TF401398/.test(text)) return { kind: "not-found", problem: "one of the two branches does not exist" };
  return undefined;
}

function signInPage(): Meaning {
  return { kind: "denied", problem: "the host shows its sign-in page: the token is not accepted", next: RIGHT_TOKEN };
}

function lacksPermission(name: string): Meaning {
  const next = `give the token's user the permission "${name}" in the repository`;
  return { kind: "denied", problem: `the permission "${name}" is missing`, next };
}

function tooOld(): Meaning {
  const problem = "the server is older than version 7.1 of the API";
  return { kind: "invalid", problem, next: "use Azure DevOps Server 2022.1 or later" };
}
