import { Buffer } from "node:buffer";
import type { Call } from "@kubeferry/model";
import type { PlatformDriver, PlatformOptions, RepoAddress } from "../../driver.ts";
import { createForgeHttp, type ForgeHttp } from "../../http/forge-http.ts";
import type { BranchPair, GitPlatform, PullRequest, PullRequestSpec, RepoRef, Repository } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import { splitRepoUrl } from "../../repo-url.ts";
import { explainGitea } from "./errors.ts";
import { GiteaLabel, GiteaPull, GiteaRepository } from "./schema.ts";

/** Gitea, and Forgejo, which kept its API. */
export const giteaDriver: PlatformDriver = { parseRepoUrl: parseGiteaUrl, create: createGitea };

/** The prefix that makes a request a draft; Gitea's default, which an administrator may change. */
const DRAFT = "WIP: ";
const DRAFT_READ = /^(\[WIP\]|WIP:)\s*/i;

/** Gitea cuts a longer title by itself; room for the prefix is kept. */
const TITLE_LENGTH = 255 - DRAFT.length;
/** Bodies of 200,000 characters were seen accepted; no limit is documented. */
const BODY_LENGTH = 200_000;

/** Gitea gives at most 50 items a page unless its administrator changed that. */
const PAGE_SIZE = 50;

function parseGiteaUrl(url: string): RepoAddress {
  const { origin, segments } = splitRepoUrl("gitea", url);
  const [owner = "", name = ""] = segments.slice(-2);
  const below = segments.slice(0, -2).map((segment) => `/${encodeURIComponent(segment)}`);
  return { apiUrl: `${origin}${below.join("")}/api/v1`, owner, name };
}

function createGitea(options: PlatformOptions): GitPlatform {
  const { apiUrl, certificateAuthorities, timeoutMs } = options;
  const http = createForgeHttp({
    who: "gitea",
    apiUrl,
    authorize: () => authorization(options),
    explain: explainGitea,
    ...(certificateAuthorities === undefined ? {} : { certificateAuthorities }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  return {
    id: "gitea",
    can: { draftPullRequest: true, labels: true },
    limits: { titleLength: TITLE_LENGTH, bodyLength: BODY_LENGTH },
    getRepository: (repo, call) => getRepository(http, repo, call),
    async findOpenPullRequest(repo, branches, call) {
      return (await openOfPair(http, repo, branches, call)) ?? (await searchOpen(http, repo, branches, call));
    },
    createPullRequest: (repo, want, call) => createPull(http, repo, want, call),
    async updatePullRequest(open, { title, body }, call) {
      const wanted = {
        ...(title === undefined ? {} : { title: marked(title, open.draft) }),
        ...(body === undefined ? {} : { body }),
      };
      const operation = `change pull request ${named(open.repo)}#${open.number}`;
      const request = { method: "PATCH", path: pullPath(open), body: wanted, answer: GiteaPull, operation } as const;
      return toPullRequest(open.repo, await http.json(request, call));
    },
    async closePullRequest(open, call) {
      const operation = `close pull request ${named(open.repo)}#${open.number}`;
      await http.done({ method: "PATCH", path: pullPath(open), body: { state: "closed" }, operation }, call);
    },
    async comment(open, text, call) {
      const operation = `comment on pull request ${named(open.repo)}#${open.number}`;
      const path = `${repoPath(open.repo)}/issues/${open.number}/comments`;
      await http.done({ method: "POST", path, body: { body: text }, operation }, call);
    },
    close: () => http.close(),
  };
}

function authorization({ token, username }: PlatformOptions): Readonly<Record<string, string>> {
  if (token === undefined) return {};
  if (username === undefined) return { authorization: `token ${token.reveal()}` };
  const pair = Buffer.from(`${username}:${token.reveal()}`, "utf8").toString("base64");
  return { authorization: `Basic ${pair}` };
}

async function getRepository(http: ForgeHttp, repo: RepoRef, call: Call): Promise<Repository> {
  const operation = `look at repository ${named(repo)}`;
  const request = { method: "GET", path: repoPath(repo), answer: GiteaRepository, operation } as const;
  const found = await http.json(request, call);
  return {
    repo,
    url: found.html_url,
    defaultBranch: found.default_branch,
    empty: found.empty,
    archived: found.archived,
    canPush: found.permissions?.push ?? false,
    takesPullRequests: found.has_pull_requests,
  };
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

// A fork may have a branch of the same name.
function isOpenPair({ state, head, base }: GiteaPull, { from, to }: BranchPair): boolean {
  return state === "open" && head.ref === from && base.ref === to && head.repo_id === base.repo_id;
}

async function createPull(http: ForgeHttp, repo: RepoRef, want: PullRequestSpec, call: Call): Promise<PullRequest> {
  const labels = await labelIds(http, repo, want.labels ?? [], call);
  const body = {
    head: want.from,
    base: want.to,
    title: marked(want.title, want.draft ?? false),
    body: want.body,
    ...(labels.length === 0 ? {} : { labels }),
  };
  const operation = `open pull request ${named(repo)} ${want.from} -> ${want.to}`;
  const request = { method: "POST", path: `${repoPath(repo)}/pulls`, body, answer: GiteaPull, operation } as const;
  return toPullRequest(repo, await http.json(request, call));
}

async function labelIds(
  http: ForgeHttp,
  repo: RepoRef,
  names: readonly string[],
  call: Call,
): Promise<readonly number[]> {
  if (names.length === 0) return [];
  const wanted = new Set(names);
  const ids: number[] = [];
  const operation = `look up labels of ${named(repo)}`;
  const request = { path: `${repoPath(repo)}/labels`, query: { limit: PAGE_SIZE }, item: GiteaLabel, operation };
  for await (const label of http.pages({ ...request, paging: "number" }, call)) {
    if (wanted.delete(label.name)) ids.push(label.id);
  }
  if (wanted.size > 0)
    call.log.warn("labels the repository does not have were left out", {
      operation: "host_request",
      labels: [...wanted],
    });
  return ids;
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
  };
}

function marked(title: string, draft: boolean): string {
  return draft ? `${DRAFT}${title}` : title;
}

function repoPath({ owner, name }: RepoRef): string {
  return `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
}

function pullPath({ repo, number }: PullRequest): string {
  return `${repoPath(repo)}/pulls/${number}`;
}

function named({ owner, name }: RepoRef): string {
  return `${owner}/${name}`;
}

function finding(repo: RepoRef, { from, to }: BranchPair): string {
  return `find pull request ${named(repo)} ${from} -> ${to}`;
}
