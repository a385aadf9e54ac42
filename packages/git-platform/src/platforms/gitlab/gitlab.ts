import type { OpenedAdapter, PlatformDriver, PlatformOptions } from "../../driver.ts";
import { createForgeHttp } from "../../http/forge-http.ts";
import type { GitPlatform } from "../../platform.ts";
import { addToMergeRequest } from "./additions.ts";
import { parseGitLabUrl } from "./address.ts";
import { cancelAutoMerge, enableAutoMerge } from "./auto-merge.ts";
import { createGitLabClient, type GitLabClient } from "./client.ts";
import { getCommitStatus, setCommitStatus } from "./commit-status.ts";
import { apiHeaders, checkCredentials, gitLoginWith } from "./credentials.ts";
import { explainGitLab } from "./errors.ts";
import { getBranchRules, getHost, getProject, getVersion } from "./host.ts";
import {
  closeMergeRequest,
  createMergeRequest,
  DRAFT,
  findOpenMergeRequest,
  updateMergeRequest,
} from "./merge-requests.ts";
import { addNote, changeNote, listNotes } from "./notes.ts";

/** GitLab.com, and GitLab of one's own from 15.2 on. */
export const gitlabDriver: PlatformDriver = { parseRepoUrl: parseGitLabUrl, create: createGitLab };

/** GitLab refuses a title of more than 255 characters; room for the mark of a draft is kept. */
const TITLE_LENGTH = 255 - DRAFT.length;
/** About a million bytes are taken, and a UTF-16 unit is up to three of them in UTF-8. */
const TEXT_LENGTH = 333_000;
const STATUS_LENGTH = 255;

function createGitLab(options: PlatformOptions): OpenedAdapter {
  checkCredentials(options);
  const { apiUrl, token, certificateAuthorities, proxy, timeoutMs, repeating } = options;
  const http = createForgeHttp({
    who: "gitlab",
    apiUrl,
    authorize: () => apiHeaders(token),
    explain: explainGitLab,
    ...(certificateAuthorities === undefined ? {} : { certificateAuthorities }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(repeating === undefined ? {} : { repeating }),
  });
  const platform = platformOver(createGitLabClient(http), () => http.close());
  return { platform, gitLogin: async () => gitLoginWith(token) };
}

function platformOver(client: GitLabClient, close: () => Promise<void>): GitPlatform {
  return {
    id: "gitlab",
    limits: {
      titleLength: TITLE_LENGTH,
      bodyLength: TEXT_LENGTH,
      commentLength: TEXT_LENGTH,
      statusLength: STATUS_LENGTH,
    },
    getHost: (call) => getHost(client, call),
    getRepository: (repo, call) => getProject(client, repo, call),
    getBranchRules: (repo, branch, call) => getBranchRules(client, { repo, branch }, call),
    findOpenPullRequest: (repo, branches, call) => findOpenMergeRequest(client, repo, branches, call),
    createPullRequest: (repo, want, call) => createMergeRequest(client, repo, want, call),
    updatePullRequest: (open, changes, call) => updateMergeRequest(client, open, changes, call),
    addToPullRequest: (open, add, call) => addToMergeRequest(client, open, add, call),
    closePullRequest: (open, call) => closeMergeRequest(client, open, call),
    comment: (open, text, call) => addNote(client, open, text, call),
    listComments: (open, call) => listNotes(client, open, call),
    updateComment: (open, { id }, text, call) => changeNote(client, open, { id, text }, call),
    getCommitStatus: (repo, commit, context, call) => getCommitStatus(client, { repo, commit, context }, call),
    setCommitStatus: (repo, commit, status, call) => setCommitStatus(client, { repo, commit, status }, call),
    async enableAutoMerge(open, how, call) {
      await enableAutoMerge(client, open, { ...how, version: await getVersion(client, call) }, call);
    },
    cancelAutoMerge: (open, call) => cancelAutoMerge(client, open, call),
    close,
  };
}
