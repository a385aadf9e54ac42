import type { Meaning } from "../../http/answer-error.ts";
import type { ForgeAnswer, ForgeRequest } from "../../http/forge-http.ts";

/** What GitHub means where its status alone does not say it. Its own texts are looked at and never repeated. */
export function explainGitHub(answer: ForgeAnswer, request: ForgeRequest): Meaning | undefined {
  switch (answer.status) {
    case 301:
    case 302:
    case 307:
    case 308:
      return moved();
    case 401:
      return notAccepted();
    case 403:
      return forbidden(answer);
    case 404:
      return missing(answer);
    case 405:
      return request.path.endsWith("/merge") ? notMergeable() : undefined;
    case 409:
      return request.path.endsWith("/merge") ? headMoved() : undefined;
    case 422:
      return unprocessable(answer, request);
    default:
      return undefined;
  }
}

function moved(): Meaning {
  const problem = "the repository, or the branch, was renamed or moved";
  return { kind: "invalid", problem, next: "write its new address in repository.url, and check the branch" };
}

function notAccepted(): Meaning {
  const problem = "the token is not accepted: wrong, revoked or out of date";
  const next = "check repository.token: a personal access token, fine-grained or classic; GitHub takes no password";
  return { kind: "denied", problem, next };
}

function forbidden({ text, headers }: ForgeAnswer): Meaning {
  // Its header gives a link that carries a request for authorisation; that is not repeated.
  if (headers["x-github-sso"] !== undefined) {
    const problem = "the organisation takes the token only after single sign-on";
    return { kind: "denied", problem, next: "authorise the token for the organisation in your settings on GitHub" };
  }
  if (/secondary rate limit|abuse detection/i.test(text)) {
    return {
      kind: "rate-limited",
      problem: "GitHub's limit of actions in a short time",
      next: "run again in a minute",
    };
  }
  if (/was archived/i.test(text)) {
    const next = "unarchive it, or set another repository.url";
    return { kind: "denied", problem: "the repository is archived", next };
  }
  if (/IP allow list/i.test(text)) {
    const next = "add the address of this machine to the list";
    return { kind: "denied", problem: "the organisation lets in a list of addresses only", next };
  }
  const needed = listed(headers["x-accepted-github-permissions"]);
  if (needed !== undefined) {
    const next = `give the token, or the App, the permission ${needed}`;
    return { kind: "denied", problem: "the token may not do this", next };
  }
  const next = hasRepoScope(headers)
    ? "give the user whom it belongs to write access to the repository"
    : `give it ${scopesWanted(headers)}`;
  return { kind: "denied", problem: "the token may not do this", next };
}

function missing({ headers }: ForgeAnswer): Meaning {
  const problem = "GitHub does not know it, or does not show it to this token";
  const seesPrivate = headers["x-oauth-scopes"] === undefined || hasRepoScope(headers);
  const token = seesPrivate ? "that the token may see the repository" : `give the token ${scopesWanted(headers)}`;
  return { kind: "not-found", problem, next: `check repository.url, and ${token}` };
}

// Only a classic token's answers name scopes.
function hasRepoScope(headers: Readonly<Record<string, string>>): boolean {
  return /(^|[\s,])repo([\s,]|$)/.test(headers["x-oauth-scopes"] ?? "");
}

function scopesWanted(headers: Readonly<Record<string, string>>): string {
  const has = headers["x-oauth-scopes"];
  if (has === undefined) return "write access to contents, pull requests and commit statuses";
  return `the scope repo (it has: ${listed(has) ?? "none"})`;
}

// A header of names is safe to show; one of anything else is not ours to repeat.
function listed(header: string | undefined): string | undefined {
  return header !== undefined && /^[a-z][a-z_:=,; ]{0,200}$/.test(header) ? header : undefined;
}

function notMergeable(): Meaning {
  return { kind: "conflict", problem: "a rule of the branch, or a conflict, is in the way of the merge" };
}

function headMoved(): Meaning {
  const problem = "the branch moved after it was pushed";
  return { kind: "conflict", problem, next: "run again to look at the new head" };
}

function unprocessable({ text }: ForgeAnswer, request: ForgeRequest): Meaning | undefined {
  if (/is too long|"code":\s*"too_long"/i.test(text)) {
    return { kind: "invalid", problem: "a text is longer than GitHub takes" };
  }
  if (/No commit found/i.test(text)) {
    const problem = "GitHub does not have this commit";
    return { kind: "not-found", problem, next: "push it before its status is set" };
  }
  const opens = request.method === "POST" && request.path.endsWith("/pulls");
  return opens ? openingRefused(text) : { kind: "invalid", problem: "GitHub does not take these values" };
}

function openingRefused(text: string): Meaning {
  if (/pull request already exists/i.test(text)) {
    return { kind: "conflict", problem: "a request for this branch is already open" };
  }
  if (/No commits between/i.test(text)) return { kind: "invalid", problem: "GitHub sees nothing to merge" };
  if (/draft pull requests are not supported/i.test(text)) {
    const problem = "this repository has no draft requests: GitHub has them in public ones and in paid plans";
    return { kind: "invalid", problem, next: "set pullRequest.draft: false" };
  }
  const field = /"field":\s*"(head|base)"/.exec(text)?.[1];
  if (field !== undefined) {
    const which = field === "head" ? "the branch to merge from" : "the branch to merge into";
    return { kind: "not-found", problem: `${which} does not exist`, next: "check base and branch" };
  }
  return { kind: "invalid", problem: "GitHub does not take this request" };
}
