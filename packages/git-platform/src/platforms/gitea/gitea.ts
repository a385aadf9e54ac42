import type { Call } from "@kubeferry/model";
import type { GitLogin, OpenedAdapter, PlatformDriver, PlatformOptions, RepoAddress } from "../../driver.ts";
import { basicAuthorization } from "../../http/basic-authorization.ts";
import { createForgeHttp, type ForgeHttp } from "../../http/forge-http.ts";
import type { Comment, GitPlatform, PullRequest } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import { splitRepoUrl } from "../../repo-url.ts";
import { addToPull } from "./additions.ts";
import { cancelAutoMerge, enableAutoMerge } from "./auto-merge.ts";
import { explainGitea } from "./errors.ts";
import { getHost } from "./host.ts";
import { issuePath, namedPull, pullPath, repoPath } from "./paths.ts";
import { getBranchRules, getRepository } from "./repository.ts";
import { createPull, DRAFT, findOpen, updatePull } from "./requests.ts";
import { GiteaComment } from "./schema.ts";
import { getStatus, setStatus } from "./statuses.ts";

/** Gitea, and Forgejo, which kept its API. */
export const giteaDriver: PlatformDriver = { parseRepoUrl: parseGiteaUrl, create: createGitea };

const LIMITS = {
  /** Gitea cuts a longer title by itself; room for a draft's prefix is kept. */
  titleLength: 255 - DRAFT.length,
  /** Texts of 200,000 characters were seen accepted; no limit is documented. */
  bodyLength: 200_000,
  commentLength: 200_000,
  /** A column of 255 in its database. */
  statusLength: 255,
} as const;

function parseGiteaUrl(url: string): RepoAddress {
  const { origin, segments } = splitRepoUrl("gitea", url);
  const [owner = "", name = ""] = segments.slice(-2);
  const below = segments.slice(0, -2).map((segment) => `/${encodeURIComponent(segment)}`);
  return { apiUrl: `${origin}${below.join("")}/api/v1`, owner, name };
}

function createGitea(options: PlatformOptions): OpenedAdapter {
  if (options.app !== undefined) throw refusesApps();
  const { apiUrl, certificateAuthorities, proxy, timeoutMs, repeating } = options;
  const http = createForgeHttp({
    who: "gitea",
    apiUrl,
    authorize: () => authorization(options),
    explain: explainGitea,
    ...(certificateAuthorities === undefined ? {} : { certificateAuthorities }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(repeating === undefined ? {} : { repeating }),
  });
  return { platform: platformOver(http), gitLogin: async () => gitLogin(options) };
}

function platformOver(http: ForgeHttp): GitPlatform {
  return {
    id: "gitea",
    limits: LIMITS,
    getHost: (call) => getHost(http, call),
    getRepository: (repo, call) => getRepository(http, repo, call),
    getBranchRules: (repo, branch, call) => getBranchRules(http, repo, branch, call),
    findOpenPullRequest: (repo, branches, call) => findOpen(http, repo, branches, call),
    createPullRequest: (repo, want, call) => createPull(http, repo, want, call),
    updatePullRequest: (open, changes, call) => updatePull(http, open, changes, call),
    addToPullRequest: (open, add, call) => addToPull(http, open, add, call),
    async closePullRequest(open, call) {
      const operation = `close ${namedPull(open)}`;
      await http.done({ method: "PATCH", path: pullPath(open), body: { state: "closed" }, operation }, call);
    },
    async comment(open, body, call) {
      const operation = `comment on ${namedPull(open)}`;
      await http.done({ method: "POST", path: `${issuePath(open)}/comments`, body: { body }, operation }, call);
    },
    listComments: (open, call) => listComments(http, open, call),
    async updateComment({ repo, number }, { id }, body, call) {
      const operation = `change comment ${id} on ${namedPull({ repo, number })}`;
      await http.done(
        { method: "PATCH", path: `${repoPath(repo)}/issues/comments/${id}`, body: { body }, operation },
        call,
      );
    },
    getCommitStatus: (repo, commit, context, call) => getStatus(http, repo, { commit, context }, call),
    setCommitStatus: (repo, commit, status, call) => setStatus(http, repo, commit, status, call),
    enableAutoMerge: (open, how, call) => enableAutoMerge(http, open, how, call),
    cancelAutoMerge: (open, call) => cancelAutoMerge(http, open, call),
    close: () => http.close(),
  };
}

// All in one answer: Gitea knows no pages here.
async function* listComments(http: ForgeHttp, open: PullRequest, call: Call): AsyncIterable<Comment> {
  const operation = `list comments on ${namedPull(open)}`;
  const request = {
    method: "GET",
    path: `${issuePath(open)}/comments`,
    answer: GiteaComment.array(),
    operation,
  } as const;
  for (const { id, body, user } of await http.json(request, call)) {
    yield { id: String(id), text: body, author: user?.login };
  }
}

function authorization({ token, username }: PlatformOptions): Readonly<Record<string, string>> {
  if (token === undefined) return {};
  if (username === undefined) return { authorization: `token ${token.reveal()}` };
  return basicAuthorization(username, token);
}

// A token is taken as the password of any user name.
function gitLogin({ token, username }: PlatformOptions): GitLogin | undefined {
  return token === undefined ? undefined : { scheme: "basic", username: username ?? "x-access-token", token };
}

function refusesApps(): PlatformError {
  return new PlatformError({
    kind: "invalid",
    who: "gitea",
    operation: "read repository.app",
    problem: "Gitea has no such Apps",
    next: "set repository.token",
  });
}
