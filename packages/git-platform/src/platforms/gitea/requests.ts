import type { Call } from "@kubeferry/model";
import type { ForgeHttp } from "../../http/forge-http.ts";
import type { BranchPair, PullRequest, PullRequestChanges, PullRequestSpec, RepoRef } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import { named, namedPull, PAGE_SIZE, pullPath, repoPath } from "./paths.ts";
import { GiteaPull } from "./schema.ts";

/** The prefix that makes a request a draft; Gitea's default, which an administrator may change. */
export const DRAFT = "WIP: ";
const DRAFT_READ = /^(\[WIP\]|WIP:)\s*/i;

/** The open request of a pair of branches. */
export async function findOpen(
  http: ForgeHttp,
  repo: RepoRef,
  branches: BranchPair,
  call: Call,
): Promise<PullRequest | undefined> {
  return (await openOfPair(http, repo, branches, call)) ?? (await searchOpen(http, repo, branches, call));
}

/**
 * Opens a request. Of two that are opened at the very same time Gitea takes both: the later one is closed again.
 * @throws PlatformError "conflict" then, too
 */
export async function createPull(
  http: ForgeHttp,
  repo: RepoRef,
  want: PullRequestSpec,
  call: Call,
): Promise<PullRequest> {
  const { from: head, to: base, body, draft } = want;
  const operation = `open pull request ${named(repo)} ${head} -> ${base}`;
  const request = {
    method: "POST",
    path: `${repoPath(repo)}/pulls`,
    body: { head, base, title: marked(want.title, draft), body },
    answer: GiteaPull,
    operation,
  } as const;
  const created = await http.json(request, call);
  const first = await oldestOfNewest(http, repo, want, call);
  if (first === undefined || first.number >= created.number) return toPullRequest(repo, created);
  await http.done(
    { method: "PATCH", path: pullPath({ repo, number: created.number }), body: { state: "closed" }, operation },
    call,
  );
  const problem = `another one, #${first.number}, was opened at the same time`;
  throw new PlatformError({ kind: "conflict", who: "gitea", operation, problem, next: "run again" });
}

/** Changes title or text; a draft stays one. */
export async function updatePull(
  http: ForgeHttp,
  open: PullRequest,
  { title, body }: PullRequestChanges,
  call: Call,
): Promise<PullRequest> {
  const wanted = {
    ...(title === undefined ? {} : { title: marked(title, open.draft) }),
    ...(body === undefined ? {} : { body }),
  };
  const operation = `change ${namedPull(open)}`;
  const request = { method: "PATCH", path: pullPath(open), body: wanted, answer: GiteaPull, operation } as const;
  return toPullRequest(open.repo, await http.json(request, call));
}

/**
 * Asks for the pair directly, which is one request however many are open. Of several requests of a pair Gitea answers
 * any one, merged and closed ones too, so that only an open one counts here.
 */
async function openOfPair(
  http: ForgeHttp,
  repo: RepoRef,
  branches: BranchPair,
  call: Call,
): Promise<PullRequest | undefined> {
  const head = branches.from.split("/").map(encodeURIComponent).join("/");
  const path = `${repoPath(repo)}/pulls/${encodeURIComponent(branches.to)}/${head}`;
  try {
    const pull = await http.json({ method: "GET", path, answer: GiteaPull, operation: finding(repo, branches) }, call);
    return isOpenPair(pull, branches) ? toPullRequest(repo, pull) : undefined;
  } catch (error) {
    // No request of this pair, or no such repository: the list, asked next, tells them apart.
    if (error instanceof PlatformError && error.kind === "not-found") return undefined;
    throw error;
  }
}

async function searchOpen(
  http: ForgeHttp,
  repo: RepoRef,
  branches: BranchPair,
  call: Call,
): Promise<PullRequest | undefined> {
  // There is a filter for the base only: `head` is ignored. Oldest first, so that what is opened meanwhile moves nothing.
  const query = { state: "open", sort: "oldest", base_branch: branches.to, limit: PAGE_SIZE };
  const path = `${repoPath(repo)}/pulls`;
  const operation = finding(repo, branches);
  for await (const pull of http.pages({ path, query, item: GiteaPull, paging: "number", operation }, call)) {
    if (isOpenPair(pull, branches)) return toPullRequest(repo, pull);
  }
  return undefined;
}

// One page, newest first: what was opened at the same time is on it.
async function oldestOfNewest(
  http: ForgeHttp,
  repo: RepoRef,
  branches: BranchPair,
  call: Call,
): Promise<GiteaPull | undefined> {
  const query = { state: "open", base_branch: branches.to, limit: PAGE_SIZE };
  const operation = finding(repo, branches);
  const request = { method: "GET", path: `${repoPath(repo)}/pulls`, query, answer: GiteaPull.array() } as const;
  const newest = await http.json({ ...request, operation }, call);
  return newest.findLast((pull) => isOpenPair(pull, branches));
}

// A fork may have a branch of the same name.
function isOpenPair({ state, head, base }: GiteaPull, { from, to }: BranchPair): boolean {
  return state === "open" && head.ref === from && base.ref === to && head.repo_id === base.repo_id;
}

function toPullRequest(repo: RepoRef, pull: GiteaPull): PullRequest {
  const draft = pull.draft ?? DRAFT_READ.test(pull.title);
  return {
    repo,
    number: pull.number,
    url: pull.html_url,
    from: pull.head.ref,
    to: pull.base.ref,
    title: draft ? pull.title.replace(DRAFT_READ, "") : pull.title,
    body: pull.body ?? "",
    draft,
    labels: (pull.labels ?? []).map(({ name }) => name),
  };
}

function marked(title: string, draft: boolean): string {
  return draft ? `${DRAFT}${title}` : title;
}

function finding(repo: RepoRef, { from, to }: BranchPair): string {
  return `find pull request ${named(repo)} ${from} -> ${to}`;
}
