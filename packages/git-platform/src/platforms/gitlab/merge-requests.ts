import type { Call } from "@kubeferry/model";
import type { BranchPair, PullRequest, PullRequestChanges, PullRequestSpec, RepoRef } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import type { GitLabClient } from "./client.ts";
import { disarmQuickActions, rearmQuickActions } from "./quick-actions.ts";
import { GitLabBranch, GitLabMergeRequest } from "./schema.ts";

/** What makes a request a draft; written since GitLab 13.2, read in its other spellings too. */
export const DRAFT = "Draft: ";
const DRAFT_READ = /^\s*(?:\[draft\]|\(draft\)|draft:)\s*/i;

/** The project as paths name it: "acme/platform/fleet"; encoded where it is put into one. */
export function projectId({ owner, name }: RepoRef): string {
  return `${owner}/${name}`;
}

/** For errors: "acme/platform/fleet!7". */
export function requestName({ repo, number }: PullRequest): string {
  return `${projectId(repo)}!${number}`;
}

/** Asks for the pair, which is a page of one item: GitLab lets no second request of a pair be open. */
export async function findOpenMergeRequest(
  { requests, pages }: GitLabClient,
  repo: RepoRef,
  { from, to }: BranchPair,
  call: Call,
): Promise<PullRequest | undefined> {
  const operation = `find merge request ${projectId(repo)} ${from} -> ${to}`;
  const pair = { projectId: projectId(repo), state: "opened", sourceBranch: from, targetBranch: to } as const;
  for await (const found of pages(requests.mergeRequests.all(pair), { operation, item: GitLabMergeRequest }, call)) {
    if (found.source_branch === from && found.target_branch === to && isOurs(found)) return toPullRequest(repo, found);
  }
  return undefined;
}

// A fork may have a branch of the same name.
function isOurs({ source_project_id, target_project_id }: GitLabMergeRequest): boolean {
  return source_project_id === target_project_id;
}

/** Opens a request. The branches are looked at first: GitLab opens one for a branch that is missing or has no change. */
export async function createMergeRequest(
  client: GitLabClient,
  repo: RepoRef,
  want: PullRequestSpec,
  call: Call,
): Promise<PullRequest> {
  const { from, to, title, body, draft } = want;
  const operation = `open merge request ${projectId(repo)} ${from} -> ${to}`;
  const head = await newestCommit(client, { repo, branch: from, operation }, call);
  const base = await newestCommit(client, { repo, branch: to, operation }, call);
  if (head === base) {
    const problem = "the two branches do not differ";
    throw new PlatformError({ kind: "invalid", who: "gitlab", operation, problem, next: "there is nothing to merge" });
  }
  const text = { description: disarmQuickActions(body) };
  const made = client.requests.mergeRequests.create(projectId(repo), from, to, marked(title, draft), text);
  return toPullRequest(repo, await client.json(made, { operation, answer: GitLabMergeRequest }, call));
}

async function newestCommit(
  { requests, json }: GitLabClient,
  at: { readonly repo: RepoRef; readonly branch: string; readonly operation: string },
  call: Call,
): Promise<string> {
  const made = requests.branches.show(projectId(at.repo), at.branch);
  return (await json(made, { operation: at.operation, answer: GitLabBranch }, call)).commit.id;
}

/** Changes title and text; a draft stays one. */
export async function updateMergeRequest(
  { requests, json }: GitLabClient,
  open: PullRequest,
  { title, body }: PullRequestChanges,
  call: Call,
): Promise<PullRequest> {
  const changes = {
    ...(title === undefined ? {} : { title: marked(title, open.draft) }),
    ...(body === undefined ? {} : { description: disarmQuickActions(body) }),
  };
  const operation = `change merge request ${requestName(open)}`;
  const made = requests.mergeRequests.edit(projectId(open.repo), open.number, changes);
  return toPullRequest(open.repo, await json(made, { operation, answer: GitLabMergeRequest }, call));
}

/** Closes without merging. */
export async function closeMergeRequest(
  { requests, done }: GitLabClient,
  open: PullRequest,
  call: Call,
): Promise<void> {
  const made = requests.mergeRequests.edit(projectId(open.repo), open.number, { stateEvent: "close" });
  await done(made, { operation: `close merge request ${requestName(open)}` }, call);
}

/** The request as it is now. */
export function readMergeRequest(
  { requests, json }: GitLabClient,
  open: PullRequest,
  operation: string,
  call: Call,
): Promise<GitLabMergeRequest> {
  const made = requests.mergeRequests.show(projectId(open.repo), open.number);
  return json(made, { operation, answer: GitLabMergeRequest }, call);
}

function marked(title: string, draft: boolean): string {
  return draft ? `${DRAFT}${title}` : title;
}

function toPullRequest(repo: RepoRef, found: GitLabMergeRequest): PullRequest {
  const draft = found.draft ?? DRAFT_READ.test(found.title);
  return {
    repo,
    number: found.iid,
    url: found.web_url,
    from: found.source_branch,
    to: found.target_branch,
    title: draft ? found.title.replace(DRAFT_READ, "") : found.title,
    body: rearmQuickActions(found.description ?? ""),
    draft,
    labels: found.labels,
  };
}
