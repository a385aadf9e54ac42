import type { OpenedAdapter, PlatformDriver, PlatformOptions } from "../../driver.ts";
import { createForgeHttp } from "../../http/forge-http.ts";
import type { GitPlatform } from "../../platform.ts";
import { addToPull } from "./additions.ts";
import { parseAzureUrl } from "./address.ts";
import { cancelAutoComplete, setAutoComplete } from "./auto-complete.ts";
import { apiHeaders, checkCredentials, gitLoginWith } from "./credentials.ts";
import { explainAzure } from "./errors.ts";
import { getHost } from "./host.ts";
import { namedPull } from "./paths.ts";
import { getBranchRules, getRepository } from "./repository.ts";
import { type AzureHost, changePull, createPull, findOpen, updatePull } from "./requests.ts";
import { getStatus, setStatus } from "./statuses.ts";
import { addComment, changeComment, listComments } from "./threads.ts";

/** Azure DevOps Services, and Server from 2022.1 on. */
export const azureDevOpsDriver: PlatformDriver = { parseRepoUrl: parseAzureUrl, create: createAzureDevOps };

const LIMITS = {
  titleLength: 400,
  /** Azure refuses more with 400. */
  bodyLength: 4_000,
  /** Not documented; texts of this size are in use. */
  commentLength: 30_000,
  statusLength: 255,
} as const;

/** Without it a token that is not accepted leads to a sign-in page instead of an answer. */
const NO_SIGN_IN = { "x-tfs-fedauthredirect": "Suppress" };

function createAzureDevOps(options: PlatformOptions): OpenedAdapter {
  checkCredentials(options);
  const { apiUrl, certificateAuthorities, proxy, timeoutMs, repeating } = options;
  const http = createForgeHttp({
    who: "azure-devops",
    apiUrl,
    authorize: () => ({ ...NO_SIGN_IN, ...apiHeaders(options) }),
    explain: explainAzure,
    ...(certificateAuthorities === undefined ? {} : { certificateAuthorities }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(repeating === undefined ? {} : { repeating }),
  });
  const platform = platformOver({ http, apiUrl: apiUrl.replace(/\/+$/, "") });
  return { platform, gitLogin: async () => gitLoginWith(options) };
}

function platformOver(host: AzureHost): GitPlatform {
  const { http } = host;
  return {
    id: "azure-devops",
    limits: LIMITS,
    getHost: (call) => getHost(http, call),
    getRepository: (repo, call) => getRepository(http, repo, call),
    getBranchRules: (repo, branch, call) => getBranchRules(http, { repo, branch }, call),
    findOpenPullRequest: (repo, branches, call) => findOpen(host, repo, branches, call),
    createPullRequest: (repo, want, call) => createPull(host, repo, want, call),
    updatePullRequest: (open, changes, call) => updatePull(host, open, changes, call),
    addToPullRequest: (open, add, call) => addToPull(http, open, add, call),
    async closePullRequest(open, call) {
      await changePull(http, open, { body: { status: "abandoned" }, operation: `close ${namedPull(open)}` }, call);
    },
    comment: (open, text, call) => addComment(http, open, text, call),
    listComments: (open, call) => listComments(http, open, call),
    updateComment: (open, { id }, text, call) => changeComment(http, open, { id, text }, call),
    getCommitStatus: (repo, commit, context, call) => getStatus(http, repo, { commit, context }, call),
    setCommitStatus: (repo, commit, status, call) => setStatus(http, repo, { commit, status }, call),
    enableAutoMerge: (open, { method }, call) => setAutoComplete(http, open, method, call),
    cancelAutoMerge: (open, call) => cancelAutoComplete(http, open, call),
    close: () => http.close(),
  };
}
