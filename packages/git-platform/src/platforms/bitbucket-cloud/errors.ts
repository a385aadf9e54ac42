import type { Explain, Meaning } from "../../http/answer-error.ts";
import type { ForgeAnswer, ForgeRequest } from "../../http/forge-http.ts";
import { CloudFault } from "./schema.ts";

/**
 * What Bitbucket Cloud means where its status alone does not say it.
 * @param username of the configuration: what is wrong with a credential depends on its kind
 */
export function explainCloud(username: string | undefined): Explain {
  return (answer, request) => {
    if (answer.status === 401) return refusesCredential(username);
    if (answer.status === 403) return refusesScope(username);
    if (answer.status === 400) return explainBadRequest(faultOf(answer), request);
    return undefined;
  };
}

/** What an error's answer says, where it is Bitbucket's own; only compared, never shown. */
export function faultOf({ text }: ForgeAnswer): CloudFault | undefined {
  try {
    return CloudFault.safeParse(JSON.parse(text)).data?.error;
  } catch {
    return undefined;
  }
}

function refusesCredential(username: string | undefined): Meaning {
  if (username === undefined) {
    return {
      kind: "denied",
      problem: "the access token is not accepted",
      next: "check repository.token; an API token of a person needs repository.username, their account's e-mail address",
    };
  }
  if (username.includes("@")) {
    return {
      kind: "denied",
      problem: "the API token is not accepted for this e-mail address",
      next: "check that repository.token is an API token with scopes for Bitbucket, made by this Atlassian account; an access token of a repository, project or workspace takes no repository.username",
    };
  }
  return {
    kind: "denied",
    problem:
      "the login is not accepted: repository.username is no e-mail address, and Bitbucket Cloud takes no password and no app password any more",
    next: "set repository.token to an API token with scopes and repository.username to the Atlassian account's e-mail address; or set an access token of the repository and drop repository.username",
  };
}

function refusesScope(username: string | undefined): Meaning {
  const next =
    username === undefined
      ? "give the access token the permissions Repositories: write and Pull requests: write"
      : "give the API token read and write for repository:bitbucket and pullrequest:bitbucket, and its account write access to the repository";
  return { kind: "denied", problem: "the token may not do this", next };
}

function explainBadRequest(fault: CloudFault | undefined, request: ForgeRequest): Meaning | undefined {
  const opens = request.method === "POST" && request.path.endsWith("/pullrequests");
  const said = [fault?.message ?? "", ...Object.values(fault?.fields ?? {}).flat()].join("\n");
  if (opens && /branch not found/i.test(said)) {
    const problem = "the host does not know one of the two branches";
    return { kind: "not-found", problem, next: "check repository.base and branch" };
  }
  if (opens && /no changes/i.test(said)) return { kind: "invalid", problem: "the host sees nothing to merge" };
  if (fault?.fields?.reviewers !== undefined) return { kind: "invalid", problem: "the host refuses the reviewers" };
  return undefined;
}
