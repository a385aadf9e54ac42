import type { Call } from "@kubeferry/model";
import type { ForgeAnswer } from "../../http/forge-http.ts";
import { parseAnswer } from "../../http/parse-answer.ts";
import type { HostInfo, RepoRef, Repository } from "../../platform.ts";
import type { PlatformError } from "../../platform-error.ts";
import { ask, type CloudApi, WHO } from "./api.ts";
import { faultOf } from "./errors.ts";
import { named, repoPath } from "./paths.ts";
import { CloudAccount, CloudRepository } from "./schema.ts";

const CAN = {
  draft: true,
  labels: false,
  reviewers: true,
  teamReviewers: false,
  assignees: false,
  milestone: false,
  autoMerge: false,
  commitStatus: true,
} as const;

/** Any of these lets a token push: those of API tokens, and the older ones of access tokens. */
const PUSHES = /^(?:write:repository:bitbucket|(?:repository|pullrequest):write)$/;

/**
 * Asks whom the token speaks for. An access token speaks for nobody that Bitbucket would name.
 * @param repo the repository that the token is for, which tells such a token from one that is not accepted
 */
export async function getHost(api: CloudApi, repo: RepoRef, call: Call): Promise<HostInfo> {
  const request = { method: "GET", path: "/user", operation: "look at the token's user" } as const;
  const { answer, error } = await ask(api, request, call);
  if (error !== undefined) await requireKnownToken(api, repo, error, call);
  const user = error === undefined ? personName(parseAnswer(WHO, request, answer, CloudAccount)) : undefined;
  return { product: "Bitbucket Cloud", can: CAN, user, scopes: scopesOf(answer) };
}

/** The repository. That the token may push is never told; that it may not, by its scopes. */
export async function getRepository(api: CloudApi, repo: RepoRef, call: Call): Promise<Repository> {
  const request = { method: "GET", path: repoPath(repo), operation: `look at repository ${named(repo)}` } as const;
  const { answer, error } = await ask(api, request, call);
  if (error !== undefined) throw error;
  const { mainbranch, links } = parseAnswer(WHO, request, answer, CloudRepository);
  return {
    repo,
    url: links.html.href,
    // Without a branch yet: what Bitbucket will call the first one.
    defaultBranch: mainbranch?.name ?? "main",
    empty: (mainbranch ?? undefined) === undefined,
    archived: false,
    canPush: scopesOf(answer)?.some((scope) => PUSHES.test(scope)) === false ? false : undefined,
    takesPullRequests: true,
  };
}

/** How people are named here: a nickname alone is not unique. */
export function personName({ uuid, nickname, display_name }: CloudAccount): string {
  return `${nickname ?? display_name ?? "someone"} ${uuid}`;
}

// Users are closed to access tokens, and to API tokens without read:user:bitbucket: 403, and to some 401 as well. What
// such a token is for, it can see.
async function requireKnownToken({ http }: CloudApi, repo: RepoRef, refusal: PlatformError, call: Call): Promise<void> {
  if (refusal.kind !== "denied") throw refusal;
  await http.done({ method: "GET", path: repoPath(repo), operation: `look at repository ${named(repo)}` }, call);
}

function scopesOf(answer: ForgeAnswer): readonly string[] | undefined {
  const header = answer.headers["x-oauth-scopes"];
  if (header === undefined) return faultOf(answer)?.detail?.granted;
  return header.split(",").flatMap((scope) => (scope.trim() === "" ? [] : [scope.trim()]));
}
