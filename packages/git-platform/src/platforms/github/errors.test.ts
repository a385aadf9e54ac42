import { describe, expect, it } from "vitest";
import { answerError } from "../../http/answer-error.ts";
import { explainGitHub } from "./errors.ts";

const URL = "https://api.github.com/repos/acme/fleet";
const failure = (...errors: readonly object[]) => JSON.stringify({ message: "Validation Failed", errors });

describe("what GitHub answers, in words", () => {
  it.each([
    ["bad credentials", 401, "Bad credentials", {}, "denied: the token is not accepted", "GitHub takes no password"],
    [
      "single sign-on",
      403,
      "Resource protected by organization SAML enforcement.",
      { "x-github-sso": "required; url=https://github.com/orgs/acme/sso?authorization_request=s3cret" },
      "denied: the organisation takes the token only after single sign-on",
      "authorise the token for the organisation",
    ],
    [
      "a secondary limit without Retry-After",
      403,
      "You have exceeded a secondary rate limit.",
      {},
      "rate-limited: GitHub's limit of actions in a short time",
      "run again in a minute",
    ],
    [
      "a fine-grained token without a permission",
      403,
      "Resource not accessible by personal access token",
      { "x-accepted-github-permissions": "pull_requests=write; contents=read" },
      "denied: the token may not do this",
      "give the token, or the App, the permission pull_requests=write; contents=read",
    ],
    [
      "a permission that is none",
      403,
      "Resource not accessible by integration",
      { "x-accepted-github-permissions": "<b>s3cret</b>" },
      "denied: the token may not do this",
      "write access to contents, pull requests and commit statuses",
    ],
    [
      "a classic token without a scope",
      403,
      "Must have admin rights to Repository.",
      { "x-oauth-scopes": "gist" },
      "denied: the token may not do this",
      "give it the scope repo (it has: gist)",
    ],
    [
      "a classic token of somebody without rights",
      403,
      "Must have write rights to Repository.",
      { "x-oauth-scopes": "gist, repo" },
      "denied: the token may not do this",
      "give the user whom it belongs to write access",
    ],
    [
      "an archived repository",
      403,
      "Repository was archived so is read-only.",
      {},
      "denied: the repository is archived",
      "unarchive it",
    ],
    [
      "an address that is not let in",
      403,
      "the `acme` organization has an IP allow list enabled, and your IP address is not permitted",
      {},
      "denied: the organisation lets in a list of addresses only",
      "add the address of this machine",
    ],
    [
      "a private repository, to a classic token without scopes",
      404,
      "Not Found",
      { "x-oauth-scopes": "" },
      "not-found: GitHub does not know it, or does not show it to this token",
      "give the token the scope repo (it has: none)",
    ],
    [
      "a missing repository",
      404,
      "Not Found",
      { "x-oauth-scopes": "repo" },
      "not-found: GitHub does not know it",
      "check repository.url",
    ],
    [
      "a renamed repository",
      301,
      "Moved Permanently",
      {},
      "invalid: the repository, or the branch, was renamed or moved",
      "write its new address",
    ],
    [
      "a commit that was not pushed",
      422,
      "No commit found for SHA: 0",
      {},
      "not-found: GitHub does not have this commit",
      "push it",
    ],
  ] as const)("%s", (_what, status, message, headers, problem, next) => {
    const error = answerError(
      "github",
      { method: "GET", path: URL, operation: "look at repository acme/fleet" },
      { status, headers, text: JSON.stringify({ message }) },
      explainGitHub,
    );
    expect(error?.message).toContain(`github: look at repository acme/fleet: ${problem}`);
    expect(error?.message).toContain(next);
    expect(error?.message).not.toContain("s3cret");
  });

  it.each([
    [
      "is open already",
      failure({ message: "A pull request already exists for acme:kubeferry/main." }),
      "conflict: a request for this branch is already open",
    ],
    [
      "is open already, whatever its branch is called",
      failure({ message: "A pull request already exists for acme:draft/too_long/archived." }),
      "conflict: a request for this branch is already open",
    ],
    [
      "proposes nothing",
      failure({ message: "No commits between main and kubeferry/main" }),
      "invalid: GitHub sees nothing to merge",
    ],
    [
      "comes from a missing branch",
      failure({ field: "head", code: "invalid" }),
      "not-found: the branch to merge from does not exist",
    ],
    [
      "goes to a missing branch",
      failure({ field: "base", code: "invalid" }),
      "not-found: the branch to merge into does not exist",
    ],
    [
      "is a draft in a plan without them",
      '{"message":"Draft pull requests are not supported in this repository."}',
      "invalid: this repository has no draft requests: GitHub has them in public ones and in paid plans; set pullRequest.draft: false",
    ],
    [
      "is too long",
      failure({ field: "body", message: "body is too long (maximum is 65536 characters)" }),
      "invalid: a text is longer than GitHub takes",
    ],
    ["is refused for something else", failure({ message: "no idea" }), "invalid: GitHub does not take this request"],
  ])("a request that %s", (_what, text, message) => {
    const request = { method: "POST", path: `${URL}/pulls`, operation: "open" } as const;
    expect(answerError("github", request, { status: 422, headers: {}, text }, explainGitHub)?.message).toContain(
      message,
    );
  });
});
