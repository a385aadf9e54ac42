import type { OpenedAdapter, PlatformDriver, PlatformOptions, RepoAddress } from "../../driver.ts";
import { createForgeHttp } from "../../http/forge-http.ts";
import type { GitPlatform, RepoRef } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import { splitRepoUrl } from "../../repo-url.ts";
import { type CloudApi, WHO } from "./api.ts";
import { getBranchRules } from "./branch-rules.ts";
import { addComment, listComments, updateComment } from "./comments.ts";
import { authorization, gitLogin } from "./credentials.ts";
import { explainCloud } from "./errors.ts";
import { getHost, getRepository } from "./host.ts";
import { namedPull, pullPath } from "./paths.ts";
import { createPull, findOpen, updatePull } from "./requests.ts";
import { addToPull } from "./reviewers.ts";
import { getStatus, setStatus } from "./statuses.ts";

/** Bitbucket Cloud: bitbucket.org, which nobody hosts themselves. */
export const bitbucketCloudDriver: PlatformDriver = { parseRepoUrl: parseCloudUrl, create: createBitbucketCloud };

const API_URL = "https://api.bitbucket.org/2.0";

/** Its names: for http and SSH, and for SSH over port 443. */
const HOSTS: readonly string[] = ["https://bitbucket.org", "https://altssh.bitbucket.org"];

const LIMITS = {
  titleLength: 255,
  /** Texts of more than a million characters were seen accepted; no limit is documented. */
  bodyLength: 250_000,
  /** A little below the 32,768 that Bitbucket gives comments. */
  commentLength: 30_000,
  statusLength: 255,
} as const;

function parseCloudUrl(url: string): RepoAddress {
  const { origin, segments } = splitRepoUrl(WHO, url);
  const [owner = "", name = ""] = segments;
  // The token goes to api.bitbucket.org: another host's must not.
  if (!HOSTS.includes(origin)) throw refuses("read repository.url", "it is not at bitbucket.org", OTHER_HOST);
  if (segments.length !== 2) throw refuses("read repository.url", "it does not end in bitbucket.org/workspace/name");
  return { apiUrl: API_URL, owner, name };
}

const OTHER_HOST = "for Bitbucket Data Center set repository.platform to bitbucket-server";

function createBitbucketCloud(options: PlatformOptions): OpenedAdapter {
  if (options.app !== undefined) throw refuses("read repository.app", "Bitbucket takes no GitHub App");
  const { apiUrl, certificateAuthorities, proxy, timeoutMs, repeating } = options;
  const explain = explainCloud(options.username);
  const http = createForgeHttp({
    who: WHO,
    apiUrl,
    authorize: () => authorization(options),
    explain,
    ...(certificateAuthorities === undefined ? {} : { certificateAuthorities }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(repeating === undefined ? {} : { repeating }),
  });
  return { platform: platformOver({ http, explain }, options.repo), gitLogin: async () => gitLogin(options) };
}

function platformOver(api: CloudApi, configured: RepoRef): GitPlatform {
  const { http } = api;
  return {
    id: WHO,
    limits: LIMITS,
    getHost: (call) => getHost(api, configured, call),
    getRepository: (repo, call) => getRepository(api, repo, call),
    getBranchRules: (repo, branch, call) => getBranchRules(http, repo, branch, call),
    findOpenPullRequest: (repo, branches, call) => findOpen(http, repo, branches, call),
    createPullRequest: (repo, want, call) => createPull(http, repo, want, call),
    updatePullRequest: (open, changes, call) => updatePull(api, open, changes, call),
    addToPullRequest: (open, add, call) => addToPull(api, open, add, call),
    async closePullRequest(open, call) {
      const operation = `decline ${namedPull(open)}`;
      await http.done({ method: "POST", path: `${pullPath(open)}/decline`, operation }, call);
    },
    comment: (open, text, call) => addComment(http, open, text, call),
    listComments: (open, call) => listComments(http, open, call),
    updateComment: (open, comment, text, call) => updateComment(http, open, comment, text, call),
    getCommitStatus: (repo, commit, context, call) => getStatus(http, repo, { commit, context }, call),
    setCommitStatus: (repo, commit, status, call) => setStatus(http, repo, commit, status, call),
    async enableAutoMerge(open) {
      throw refuses(`have ${namedPull(open)} merged by itself`, "Bitbucket Cloud cannot be told so by its API");
    },
    // Nothing of ours is ever set.
    cancelAutoMerge: async () => undefined,
    close: () => http.close(),
  };
}

function refuses(operation: string, problem: string, next?: string): PlatformError {
  return new PlatformError({ kind: "invalid", who: WHO, operation, problem, ...(next === undefined ? {} : { next }) });
}
