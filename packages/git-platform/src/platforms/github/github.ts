import type { OpenedAdapter, PlatformDriver, PlatformOptions } from "../../driver.ts";
import { createForgeHttp } from "../../http/forge-http.ts";
import type { GitPlatform } from "../../platform.ts";
import { addToPull } from "./additions.ts";
import { parseGitHubUrl } from "./address.ts";
import { createGitHubApi } from "./api.ts";
import { cancelAutoMerge, enableAutoMerge } from "./auto-merge.ts";
import { createCredential } from "./credential.ts";
import { explainGitHub } from "./errors.ts";
import { getHost } from "./host.ts";
import { getBranchRules, getRepository } from "./repository.ts";
import { addComment, changeComment, closePull, createPull, findOpen, listComments, updatePull } from "./requests.ts";
import { getCommitStatus, setCommitStatus } from "./statuses.ts";

/** github.com, tenants of ghe.com, and GitHub Enterprise Server. */
export const githubDriver: PlatformDriver = {
  parseRepoUrl: parseGitHubUrl,
  create: (options) => createGitHub(options, { paced: true, now: Date.now }),
};

/** What GitHub takes, in characters; its texts are no longer in UTF-16 units than in those. */
const LIMITS = { titleLength: 256, bodyLength: 65_536, commentLength: 65_536, statusLength: 140 } as const;

/** How the adapter keeps time. */
export interface GitHubTime {
  /** Whether writing requests keep the distance from each other that GitHub asks for. */
  readonly paced: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** @throws PlatformError "invalid" for a user with a password, and for an App's key that is none */
export function createGitHub(options: PlatformOptions, { paced, now }: GitHubTime): OpenedAdapter {
  const { apiUrl } = options;
  const connection = connectionOf(options);
  const credential = createCredential(options, connection, now);
  const http = createForgeHttp({ ...connection, authorize: () => credential.authorize(), explain: explainGitHub });
  const api = createGitHubApi({ http, apiUrl, paced, ready: () => credential.ready() });
  const platform: GitPlatform = {
    id: "github",
    limits: LIMITS,
    getHost: (call) => getHost(api, credential, apiUrl, call),
    getRepository: (repo, call) => getRepository(api, credential, repo, call),
    getBranchRules: (repo, branch, call) => getBranchRules(api, repo, branch, call),
    findOpenPullRequest: (repo, branches, call) => findOpen(api, repo, branches, call),
    createPullRequest: (repo, want, call) => createPull(api, repo, want, call),
    updatePullRequest: (open, changes, call) => updatePull(api, open, changes, call),
    addToPullRequest: (open, add, call) => addToPull(api, open, add, call),
    closePullRequest: (open, call) => closePull(api, open, call),
    comment: (open, text, call) => addComment(api, open, text, call),
    listComments: (open, call) => listComments(api, open, call),
    updateComment: (open, comment, text, call) => changeComment(api, open, { comment, text }, call),
    getCommitStatus: (repo, commit, context, call) => getCommitStatus(api, repo, { commit, context }, call),
    setCommitStatus: (repo, commit, status, call) => setCommitStatus(api, repo, { commit, status }, call),
    enableAutoMerge: (open, how, call) => enableAutoMerge(api, open, how, call),
    cancelAutoMerge: (open, call) => cancelAutoMerge(api, open, call),
    async close() {
      await Promise.all([http.close(), credential.close()]);
    },
  };
  return { platform, gitLogin: () => credential.gitLogin() };
}

function connectionOf({ apiUrl, certificateAuthorities, proxy, timeoutMs, repeating }: PlatformOptions) {
  return {
    who: "github",
    apiUrl,
    ...(certificateAuthorities === undefined ? {} : { certificateAuthorities }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(repeating === undefined ? {} : { repeating }),
  } as const;
}
