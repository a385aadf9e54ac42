import type { Call } from "@kubeferry/model";
import type { BranchPair, PullRequest, PullRequestChanges, PullRequestSpec, RepoRef } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import { ask, type ServerApi, unlessOutOfDate, WHO } from "./api.ts";
import { named, namedPull, nextStart, PAGE_LIMIT, pullPath, refOf, repoPath } from "./paths.ts";
import { changePull, readPull } from "./put-pull.ts";
import { ServerPull } from "./schema.ts";

/** The open request of a pair, of those that the source branch has. */
export async function findOpen(
  { http }: ServerApi,
  repo: RepoRef,
  { from, to }: BranchPair,
  call: Call,
): Promise<PullRequest | undefined> {
  const query = { at: refOf(from), direction: "OUTGOING", state: "OPEN", limit: PAGE_LIMIT };
  const list = { path: `${repoPath(repo)}/pull-requests`, query, itemsIn: "values", item: ServerPull } as const;
  const operation = `find pull request ${named(repo)} ${from} -> ${to}`;
  for await (const pull of http.pages({ ...list, paging: nextStart, operation }, call)) {
    if (isOpenPair(pull, { from, to })) return toPullRequest(repo, pull);
  }
  return undefined;
}

/** Opens a request. */
export async function createPull(
  { http }: ServerApi,
  repo: RepoRef,
  { from, to, title, body, draft }: PullRequestSpec,
  call: Call,
): Promise<PullRequest> {
  const operation = `open pull request ${named(repo)} ${from} -> ${to}`;
  if (from === to) {
    throw new PlatformError({ kind: "invalid", who: WHO, operation, problem: "both branches are the same" });
  }
  const repository = { slug: repo.name, project: { key: repo.owner } };
  const sent = {
    title,
    description: body,
    fromRef: { id: refOf(from), repository },
    toRef: { id: refOf(to), repository },
    // Servers before 8.18 do not know the word.
    ...(draft ? { draft } : {}),
  };
  const path = `${repoPath(repo)}/pull-requests`;
  return toPullRequest(
    repo,
    await http.json({ method: "POST", path, body: sent, answer: ServerPull, operation }, call),
  );
}

/** Changes title and text. */
export async function updatePull(
  api: ServerApi,
  open: PullRequest,
  changes: PullRequestChanges,
  call: Call,
): Promise<PullRequest> {
  const { pull, refused } = await changePull(api, open, { ...changes, reviewers: [] }, call);
  if (refused.length > 0) {
    const notice = "reviewers whom the host does not take any more were left out";
    call.log.warn(notice, { operation: "host_request", host: WHO });
  }
  return toPullRequest(open.repo, pull);
}

/** Declines a request; when somebody changed it in between, once more. */
export async function declinePull(api: ServerApi, open: PullRequest, call: Call): Promise<void> {
  await unlessOutOfDate(async () => {
    const { version } = await readPull(api, open, call);
    const request = { method: "POST", path: `${pullPath(open)}/decline`, query: { version } } as const;
    return ask(api, { ...request, operation: `decline ${namedPull(open)}` }, call);
  });
}

// A fork may have a branch of the same name.
function isOpenPair({ state, fromRef, toRef }: ServerPull, { from, to }: BranchPair): boolean {
  if (state !== "OPEN" || fromRef.id !== refOf(from) || toRef.id !== refOf(to)) return false;
  return fromRef.repository.id === toRef.repository.id;
}

function toPullRequest(repo: RepoRef, pull: ServerPull): PullRequest {
  return {
    repo,
    number: pull.id,
    url: pull.links.self[0]?.href ?? "",
    from: pull.fromRef.displayId,
    to: pull.toRef.displayId,
    title: pull.title,
    body: pull.description ?? "",
    draft: pull.draft ?? false,
    labels: [],
  };
}
