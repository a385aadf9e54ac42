import type { Call } from "@kubeferry/model";
import type { ForgeHttp } from "../../http/forge-http.ts";
import type { BranchPair, PullRequest, PullRequestChanges, PullRequestSpec, RepoRef } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import { type CloudApi, WHO } from "./api.ts";
import { named, namedPull, nextInBody, PAGE_LENGTH, pullPath, quoted, repoPath } from "./paths.ts";
import { putPull } from "./put-pull.ts";
import { CloudPull } from "./schema.ts";

/** The open request of a pair, asked for by filter: a fleet's repository can hold hundreds. */
export async function findOpen(
  http: ForgeHttp,
  repo: RepoRef,
  { from, to }: BranchPair,
  call: Call,
): Promise<PullRequest | undefined> {
  const q = `source.branch.name = ${quoted(from)} AND destination.branch.name = ${quoted(to)} AND state = "OPEN"`;
  const list = {
    path: `${repoPath(repo)}/pullrequests`,
    query: { q, pagelen: PAGE_LENGTH },
    itemsIn: "values",
  } as const;
  const operation = `find pull request ${named(repo)} ${from} -> ${to}`;
  for await (const pull of http.pages({ ...list, item: CloudPull, paging: nextInBody, operation }, call)) {
    if (isOpenPair(pull, { from, to })) return toPullRequest(repo, pull);
  }
  return undefined;
}

/** Opens a request. */
export async function createPull(
  http: ForgeHttp,
  repo: RepoRef,
  want: PullRequestSpec,
  call: Call,
): Promise<PullRequest> {
  const { from, to, title, body, draft } = want;
  const operation = `open pull request ${named(repo)} ${from} -> ${to}`;
  if (from === to) throw refusal("invalid", operation, "both branches are the same");
  // Bitbucket does not refuse a second request of a pair: it changes the first one, or opens another.
  const there = await findOpen(http, repo, want, call);
  if (there !== undefined) throw refusal("conflict", operation, `#${there.number} is open for these branches`);
  const sent = {
    title,
    description: body,
    source: { branch: { name: from } },
    destination: { branch: { name: to } },
    draft,
  };
  const path = `${repoPath(repo)}/pullrequests`;
  return toPullRequest(repo, await http.json({ method: "POST", path, body: sent, answer: CloudPull, operation }, call));
}

/** Changes title and text. */
export async function updatePull(
  api: CloudApi,
  open: PullRequest,
  { title, body }: PullRequestChanges,
  call: Call,
): Promise<PullRequest> {
  const now = await readPull(api.http, open, call);
  const want = { now, title: title ?? now.title, text: body ?? textOf(now), reviewers: now.reviewers ?? [] };
  const { pull, refused } = await putPull(api, open, want, call);
  if (refused.length > 0) {
    const notice = "reviewers whom the host does not take any more were left out";
    call.log.warn(notice, { operation: "host_request", host: WHO });
  }
  return toPullRequest(open.repo, pull);
}

/** The request as it is now, with its reviewers. */
export async function readPull(http: ForgeHttp, open: PullRequest, call: Call): Promise<CloudPull> {
  const operation = `look at ${namedPull(open)}`;
  return http.json({ method: "GET", path: pullPath(open), answer: CloudPull, operation }, call);
}

/** Its text, which older answers hold in one place and newer ones in two. */
export function textOf({ description, summary }: CloudPull): string {
  return description ?? summary?.raw ?? "";
}

// A fork may have a branch of the same name.
function isOpenPair({ state, source, destination }: CloudPull, { from, to }: BranchPair): boolean {
  if (state !== "OPEN" || source.branch.name !== from || destination.branch.name !== to) return false;
  return source.repository?.uuid !== undefined && source.repository?.uuid === destination.repository?.uuid;
}

function toPullRequest(repo: RepoRef, pull: CloudPull): PullRequest {
  return {
    repo,
    number: pull.id,
    url: pull.links.html.href,
    from: pull.source.branch.name,
    to: pull.destination.branch.name,
    title: pull.title,
    body: textOf(pull),
    draft: pull.draft ?? false,
    labels: [],
  };
}

function refusal(kind: "invalid" | "conflict", operation: string, problem: string): PlatformError {
  return new PlatformError({ kind, who: WHO, operation, problem });
}
