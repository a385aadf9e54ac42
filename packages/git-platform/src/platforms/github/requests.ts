import type { Call } from "@kubeferry/model";
import type { BranchPair, Comment, PullRequest, PullRequestChanges, PullRequestSpec, RepoRef } from "../../platform.ts";
import type { GitHubApi } from "./api.ts";
import { at, numbered, paired, repoPath } from "./paths.ts";
import { GitHubComment, GitHubPull } from "./schema.ts";

/** See GitPlatform. Asked per pair, not listed whole: a fleet's repository may hold hundreds of open requests. */
export async function findOpen(
  api: GitHubApi,
  repo: RepoRef,
  branches: BranchPair,
  call: Call,
): Promise<PullRequest | undefined> {
  const query = { state: "open", head: `${repo.owner}:${branches.from}`, base: branches.to };
  const request = { path: `${repoPath(repo)}/pulls`, query, item: GitHubPull };
  const operation = `find pull request ${paired(repo, branches)}`;
  for await (const pull of api.pages({ ...request, operation }, call)) {
    // A filter that GitHub cannot read is no filter to it, and then everything that is open comes.
    if (isOpenPair(pull, branches)) return toPullRequest(repo, pull);
  }
  return undefined;
}

/** See GitPlatform. */
export async function createPull(
  api: GitHubApi,
  repo: RepoRef,
  want: PullRequestSpec,
  call: Call,
): Promise<PullRequest> {
  const { from: head, to: base, title, body, draft } = want;
  const operation = `open pull request ${paired(repo, want)}`;
  const wanted = { ...at(repo), head, base, title, body, draft };
  const made = { operation, answer: GitHubPull } as const;
  return toPullRequest(repo, await api.ask({ ...made, send: ({ rest }) => rest.pulls.create(wanted) }, call));
}

/** See GitPlatform. */
export async function updatePull(
  api: GitHubApi,
  open: PullRequest,
  { title, body }: PullRequestChanges,
  call: Call,
): Promise<PullRequest> {
  const changes = { ...(title === undefined ? {} : { title }), ...(body === undefined ? {} : { body }) };
  const wanted = { ...at(open.repo), pull_number: open.number, ...changes };
  const changed = { operation: `change pull request ${numbered(open)}`, answer: GitHubPull } as const;
  return toPullRequest(open.repo, await api.ask({ ...changed, send: ({ rest }) => rest.pulls.update(wanted) }, call));
}

/** See GitPlatform. */
export async function closePull(api: GitHubApi, open: PullRequest, call: Call): Promise<void> {
  const wanted = { ...at(open.repo), pull_number: open.number, state: "closed" } as const;
  const operation = `close pull request ${numbered(open)}`;
  await api.done({ operation, send: ({ rest }) => rest.pulls.update(wanted) }, call);
}

/** See GitPlatform. To GitHub a request is an issue too, and this is where its comments are. */
export async function addComment(api: GitHubApi, open: PullRequest, body: string, call: Call): Promise<void> {
  const wanted = { ...at(open.repo), issue_number: open.number, body };
  const operation = `comment on pull request ${numbered(open)}`;
  await api.done({ operation, send: ({ rest }) => rest.issues.createComment(wanted) }, call);
}

/** See GitPlatform. */
export async function* listComments(api: GitHubApi, open: PullRequest, call: Call): AsyncIterable<Comment> {
  const path = `${repoPath(open.repo)}/issues/${open.number}/comments`;
  const operation = `read the comments on pull request ${numbered(open)}`;
  for await (const { id, body, user } of api.pages({ path, item: GitHubComment, operation }, call)) {
    yield { id: String(id), text: body ?? "", author: user?.login };
  }
}

/** See GitPlatform. */
export async function changeComment(
  api: GitHubApi,
  open: PullRequest,
  change: { readonly comment: Comment; readonly text: string },
  call: Call,
): Promise<void> {
  const wanted = { ...at(open.repo), comment_id: Number(change.comment.id), body: change.text };
  const operation = `change a comment on pull request ${numbered(open)}`;
  await api.done({ operation, send: ({ rest }) => rest.issues.updateComment(wanted) }, call);
}

// A fork may have a branch of the same name.
function isOpenPair({ state, head, base }: GitHubPull, { from, to }: BranchPair): boolean {
  return state === "open" && head.ref === from && base.ref === to && head.repo?.id === base.repo?.id;
}

function toPullRequest(repo: RepoRef, pull: GitHubPull): PullRequest {
  return {
    repo,
    number: pull.number,
    url: pull.html_url,
    from: pull.head.ref,
    to: pull.base.ref,
    title: pull.title,
    body: pull.body ?? "",
    draft: pull.draft,
    labels: pull.labels.map(({ name }) => name),
  };
}
