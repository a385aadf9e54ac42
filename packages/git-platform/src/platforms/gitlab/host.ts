import type { Call } from "@kubeferry/model";
import type { Capabilities } from "../../capabilities.ts";
import type { BranchRules, HostInfo, RepoRef, Repository } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import type { GitLabClient } from "./client.ts";
import { projectId } from "./merge-requests.ts";
import { GitLabBranch, GitLabMetadata, GitLabProject, GitLabToken, GitLabUser } from "./schema.ts";
import { type GitLabVersion, parseVersion } from "./version.ts";

/** The role from which on a member may push. */
const DEVELOPER = 30;

// Reviewers are users: a group can only be asked by an approval rule or CODEOWNERS, which are the project's.
const CAN: Capabilities = {
  draft: true,
  labels: true,
  reviewers: true,
  teamReviewers: false,
  assignees: true,
  milestone: true,
  autoMerge: true,
  commitStatus: true,
};

/** Asks for version, user and the token's scopes. */
export async function getHost(client: GitLabClient, call: Call): Promise<HostInfo> {
  const { requests, json } = client;
  const operation = "look at the host";
  const { version } = await json(requests.metadata.show(), { operation, answer: GitLabMetadata }, call);
  const { username } = await json(requests.users.showCurrentUser(), { operation, answer: GitLabUser }, call);
  return { product: `GitLab ${version}`, can: CAN, user: username, scopes: await scopesOf(client, call) };
}

/** Asks which version the host is of. */
export async function getVersion({ requests, json }: GitLabClient, call: Call): Promise<GitLabVersion> {
  const what = { operation: "look at the host", answer: GitLabMetadata };
  return parseVersion((await json(requests.metadata.show(), what, call)).version);
}

// An OAuth token is none of the kinds that tell; the user was told above, so that the token itself is fine.
async function scopesOf({ requests, json }: GitLabClient, call: Call): Promise<readonly string[] | undefined> {
  try {
    const what = { operation: "look at the token's scopes", answer: GitLabToken };
    return (await json(requests.tokens.show(), what, call)).scopes;
  } catch (error) {
    if (error instanceof PlatformError && [400, 401, 403, 404].includes(error.status ?? 0)) return undefined;
    throw error;
  }
}

/** What the host says of the project. */
export async function getProject({ requests, json }: GitLabClient, repo: RepoRef, call: Call): Promise<Repository> {
  const operation = `look at project ${projectId(repo)}`;
  const made = requests.projects.show(projectId(repo));
  const found = await json(made, { operation, answer: GitLabProject }, call);
  return {
    repo,
    url: found.web_url,
    defaultBranch: found.default_branch ?? "",
    empty: found.empty_repo ?? found.default_branch === null,
    archived: found.archived ?? false,
    canPush: mayPush(found),
    takesPullRequests: found.merge_requests_enabled ?? found.merge_requests_access_level !== "disabled",
  };
}

// Neither is told of administrators, and of members of a group that the project was shared with.
function mayPush({ permissions }: GitLabProject): boolean | undefined {
  const levels = [permissions?.project_access, permissions?.group_access].flatMap((one) => one?.access_level ?? []);
  return levels.length === 0 ? undefined : Math.max(...levels) >= DEVELOPER;
}

/** What protects a branch. GitLab asks for a pipeline to succeed, never for a status by its name. */
export async function getBranchRules(
  { requests, json }: GitLabClient,
  at: { readonly repo: RepoRef; readonly branch: string },
  call: Call,
): Promise<BranchRules> {
  const operation = `look at branch ${at.branch} of ${projectId(at.repo)}`;
  const made = requests.branches.show(projectId(at.repo), at.branch);
  const found = await json(made, { operation, answer: GitLabBranch }, call);
  return { protected: found.protected, mayPush: found.can_push, requiredStatuses: [] };
}
