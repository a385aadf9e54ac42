import type { OpenedAdapter, PlatformDriver, PlatformOptions } from "../../driver.ts";
import { createForgeHttp } from "../../http/forge-http.ts";
import type { GitPlatform } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import { parseServerUrl, restUrl } from "./address.ts";
import { type ServerApi, WHO } from "./api.ts";
import { cancelAutoMerge, enableAutoMerge } from "./auto-merge.ts";
import { getBranchRules } from "./branch-rules.ts";
import { addComment, listComments, updateComment } from "./comments.ts";
import { authorization, gitLogin } from "./credentials.ts";
import { explainServer } from "./errors.ts";
import { getHost, getRepository } from "./host.ts";
import { createPull, declinePull, findOpen, updatePull } from "./requests.ts";
import { addToPull } from "./reviewers.ts";
import { getStatus, setStatus } from "./statuses.ts";

/** Bitbucket Data Center, and the Bitbucket Server that came before it. */
export const bitbucketServerDriver: PlatformDriver = { parseRepoUrl: parseServerUrl, create: createBitbucketServer };

const LIMITS = {
  titleLength: 255,
  /** A little below the server's 32,768, which was reported for comments too. */
  bodyLength: 30_000,
  commentLength: 30_000,
  statusLength: 255,
} as const;

function createBitbucketServer(options: PlatformOptions): OpenedAdapter {
  if (options.app !== undefined) throw refusesApps();
  const { certificateAuthorities, proxy, timeoutMs, repeating } = options;
  const explain = explainServer(options.username);
  const http = createForgeHttp({
    who: WHO,
    apiUrl: restUrl(options.apiUrl),
    authorize: () => authorization(options),
    explain,
    ...(certificateAuthorities === undefined ? {} : { certificateAuthorities }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(repeating === undefined ? {} : { repeating }),
  });
  return { platform: platformOver({ http, explain }), gitLogin: async () => gitLogin(options) };
}

function platformOver(api: ServerApi): GitPlatform {
  return {
    id: WHO,
    limits: LIMITS,
    getHost: (call) => getHost(api, call),
    getRepository: (repo, call) => getRepository(api, repo, call),
    getBranchRules: (repo, branch, call) => getBranchRules(api, repo, branch, call),
    findOpenPullRequest: (repo, branches, call) => findOpen(api, repo, branches, call),
    createPullRequest: (repo, want, call) => createPull(api, repo, want, call),
    updatePullRequest: (open, changes, call) => updatePull(api, open, changes, call),
    addToPullRequest: (open, add, call) => addToPull(api, open, add, call),
    closePullRequest: (open, call) => declinePull(api, open, call),
    comment: (open, text, call) => addComment(api, open, text, call),
    listComments: (open, call) => listComments(api, open, call),
    updateComment: (open, comment, text, call) => updateComment(api, open, comment, text, call),
    getCommitStatus: (repo, commit, context, call) => getStatus(api, repo, { commit, context }, call),
    setCommitStatus: (repo, commit, status, call) => setStatus(api, repo, commit, status, call),
    enableAutoMerge: (open, how, call) => enableAutoMerge(api, open, how, call),
    cancelAutoMerge: (open, call) => cancelAutoMerge(api, open, call),
    close: () => api.http.close(),
  };
}

function refusesApps(): PlatformError {
  const operation = "read repository.app";
  return new PlatformError({ kind: "invalid", who: WHO, operation, problem: "Bitbucket takes no GitHub App" });
}
