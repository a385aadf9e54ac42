import type { Call } from "@kubeferry/model";
import type { ForgeHttp } from "../../http/forge-http.ts";
import type { BranchPair, PullRequest, PullRequestChanges, PullRequestSpec, RepoRef } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import { listed } from "./lists.ts";
import { API_VERSION, branchOf, namedPair, namedPull, partsPath, pullPath, refOf, repoPath } from "./paths.ts";
import { findRef } from "./repository.ts";
import { AzureLabel, AzurePull, listOf } from "./schema.ts";

/** One adapter's host: `apiUrl` is also where its pages are. */
export interface AzureHost {
  readonly http: ForgeHttp;
  readonly apiUrl: string;
}

/** Looks for the pair on every page, and then at the request itself: a list cuts texts at 400 characters. */
export async function findOpen(
  host: AzureHost,
  repo: RepoRef,
  branches: BranchPair,
  call: Call,
): Promise<PullRequest | undefined> {
  const operation = `find pull request ${namedPair(repo, branches)}`;
  const query = {
    "searchCriteria.status": "active",
    "searchCriteria.sourceRefName": refOf(branches.from),
    "searchCriteria.targetRefName": refOf(branches.to),
  };
  for await (const found of listed(
    host.http,
    { path: `${repoPath(repo)}/pullrequests`, query, item: AzurePull, operation },
    call,
  )) {
    if (!isOpenPair(found, branches)) continue;
    const at = { repo, number: found.pullRequestId };
    const labels = await readLabels(host.http, at, call);
    return toPullRequest(host, repo, await readPull(host.http, at, operation, call), labels);
  }
  return undefined;
}

// A fork may have a branch of the same name.
function isOpenPair(found: AzurePull, { from, to }: BranchPair): boolean {
  if (found.status !== "active" || (found.forkSource ?? undefined) !== undefined) return false;
  return found.sourceRefName === refOf(from) && found.targetRefName === refOf(to);
}

/** Opens a request. The branches are looked at first: Azure opens one without a change in it, too. */
export async function createPull(
  host: AzureHost,
  repo: RepoRef,
  { from, to, title, body, draft }: PullRequestSpec,
  call: Call,
): Promise<PullRequest> {
  const { http } = host;
  const operation = `open pull request ${namedPair(repo, { from, to })}`;
  const head = await findRef(http, { repo, branch: from, operation }, call);
  const base = await findRef(http, { repo, branch: to, operation }, call);
  if (head.objectId === base.objectId) {
    const problem = "the two branches do not differ";
    const next = "there is nothing to merge";
    throw new PlatformError({ kind: "invalid", who: "azure-devops", operation, problem, next });
  }
  const wanted = { sourceRefName: refOf(from), targetRefName: refOf(to), title, description: body, isDraft: draft };
  const request = { method: "POST", path: `${repoPath(repo)}/pullrequests`, query: API_VERSION, operation } as const;
  return toPullRequest(host, repo, await http.json({ ...request, body: wanted, answer: AzurePull }, call), []);
}

/** Changes title and text. */
export async function updatePull(
  host: AzureHost,
  open: PullRequest,
  { title, body }: PullRequestChanges,
  call: Call,
): Promise<PullRequest> {
  const changes = { ...(title === undefined ? {} : { title }), ...(body === undefined ? {} : { description: body }) };
  const changed = await changePull(host.http, open, { body: changes, operation: `change ${namedPull(open)}` }, call);
  return toPullRequest(host, open.repo, changed, open.labels);
}

/** Changes a request, and gives it as it is afterwards. */
export function changePull(
  http: ForgeHttp,
  open: PullRequest,
  { body, operation }: { readonly body: unknown; readonly operation: string },
  call: Call,
): Promise<AzurePull> {
  const request = { method: "PATCH", path: pullPath(open), query: API_VERSION, body, operation } as const;
  return http.json({ ...request, answer: AzurePull }, call);
}

/** The request as it is now, its text whole. */
export function readPull(
  http: ForgeHttp,
  at: Pick<PullRequest, "repo" | "number">,
  operation: string,
  call: Call,
): Promise<AzurePull> {
  return http.json({ method: "GET", path: pullPath(at), query: API_VERSION, answer: AzurePull, operation }, call);
}

/** The labels of a request, which it does not carry itself. */
export async function readLabels(
  http: ForgeHttp,
  at: Pick<PullRequest, "repo" | "number">,
  call: Call,
): Promise<readonly string[]> {
  const operation = `read labels of ${namedPull(at)}`;
  const request = { method: "GET", path: `${partsPath(at)}/labels`, query: API_VERSION, operation } as const;
  const { value } = await http.json({ ...request, answer: listOf(AzureLabel) }, call);
  return value.filter(({ active }) => active !== false).map(({ name }) => name);
}

function toPullRequest({ apiUrl }: AzureHost, repo: RepoRef, pull: AzurePull, labels: readonly string[]): PullRequest {
  const [project, name] = [repo.owner, repo.name].map(encodeURIComponent);
  return {
    repo,
    number: pull.pullRequestId,
    url: `${apiUrl}/${project}/_git/${name}/pullrequest/${pull.pullRequestId}`,
    from: branchOf(pull.sourceRefName),
    to: branchOf(pull.targetRefName),
    title: pull.title,
    body: pull.description ?? "",
    draft: pull.isDraft ?? false,
    labels,
  };
}
