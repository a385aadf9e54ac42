import type { Call } from "@kubeferry/model";
import type { ForgeHttp } from "../../http/forge-http.ts";
import type { NotAdded, PullRequest, PullRequestAdditions } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import { issuePath, named, namedPull, PAGE_SIZE, pullPath, repoPath } from "./paths.ts";
import { GiteaLabel, GiteaMilestone, GiteaPull, GiteaReviews } from "./schema.ts";

/** Labels, people and milestone of a request, each name by itself, so that one that is refused spoils no other. */
export async function addToPull(
  http: ForgeHttp,
  open: PullRequest,
  add: PullRequestAdditions,
  call: Call,
): Promise<readonly NotAdded[]> {
  const operation = `look at ${namedPull(open)}`;
  const now = await http.json({ method: "GET", path: pullPath(open), answer: GiteaPull, operation }, call);
  return [
    ...(await addLabels(http, open, missing(add.labels, names(now.labels)), call)),
    ...(await addReviewers(http, open, missing(add.reviewers, logins(now.requested_reviewers)), call)),
    ...(await addTeams(http, open, add.teamReviewers, names(now.requested_reviewers_teams), call)),
    ...(await addAssignees(http, open, add.assignees, logins(now.assignees), call)),
    ...(await setMilestone(http, open, add.milestone, now.milestone?.title, call)),
  ];
}

async function addLabels(
  http: ForgeHttp,
  open: PullRequest,
  wanted: readonly string[],
  call: Call,
): Promise<readonly NotAdded[]> {
  if (wanted.length === 0) return [];
  const ids = await labelIds(http, open, wanted, call);
  if (ids.size > 0) {
    const body = { labels: [...ids.values()] };
    const operation = `label ${namedPull(open)}`;
    await http.done({ method: "POST", path: `${issuePath(open)}/labels`, body, operation }, call);
  }
  const unknown = wanted.filter((name) => !ids.has(name));
  return unknown.map((name) => ({ what: "label", name, why: "neither the repository nor its owner has such a label" }));
}

async function labelIds(
  http: ForgeHttp,
  { repo }: PullRequest,
  wanted: readonly string[],
  call: Call,
): Promise<ReadonlyMap<string, number>> {
  const ids = new Map<string, number>();
  for (const path of [`${repoPath(repo)}/labels`, `/orgs/${encodeURIComponent(repo.owner)}/labels`]) {
    const request = { path, query: { limit: PAGE_SIZE }, item: GiteaLabel, paging: "number" } as const;
    const labels = http.pages({ ...request, operation: `look up labels of ${named(repo)}` }, call);
    try {
      for await (const { name, id } of labels) {
        if (wanted.includes(name) && !ids.has(name)) ids.set(name, id);
      }
    } catch (error) {
      // A user has no labels of their own, and those of an organisation need a scope that nothing else does.
      if (!(path.startsWith("/orgs/") && isNoAnswerForUs(error))) throw error;
    }
    if (wanted.every((name) => ids.has(name))) break;
  }
  return ids;
}

async function addReviewers(
  http: ForgeHttp,
  open: PullRequest,
  wanted: readonly string[],
  call: Call,
): Promise<readonly NotAdded[]> {
  const refused: NotAdded[] = [];
  for (const name of wanted) {
    const taken = await unlessRefused(() => requestReview(http, open, { reviewers: [name] }, call));
    if (taken === undefined) {
      const why = "the host has no such user, or one who cannot review this request";
      refused.push({ what: "reviewer", name, why });
    }
  }
  return refused;
}

async function addTeams(
  http: ForgeHttp,
  open: PullRequest,
  wanted: readonly string[],
  present: readonly string[],
  call: Call,
): Promise<readonly NotAdded[]> {
  const refused: NotAdded[] = [];
  for (const name of wanted) {
    const [organisation, team] = name.includes("/") ? splitTeam(name) : [open.repo.owner, name];
    if (organisation === open.repo.owner && missing([team], present).length === 0) continue;
    const taken =
      organisation === open.repo.owner
        ? await unlessRefused(() => requestReview(http, open, { team_reviewers: [team] }, call))
        : undefined;
    // In a user's repository Gitea takes the request and asks nobody.
    if (taken === undefined || taken === 0) {
      refused.push({ what: "team", name, why: "the repository's owner has no such team, or it cannot review here" });
    }
  }
  return refused;
}

// How many were asked.
async function requestReview(
  http: ForgeHttp,
  open: PullRequest,
  body: { readonly reviewers: readonly string[] } | { readonly team_reviewers: readonly string[] },
  call: Call,
): Promise<number> {
  const operation = `ask for a review of ${namedPull(open)}`;
  const path = `${pullPath(open)}/requested_reviewers`;
  return (await http.json({ method: "POST", path, body, answer: GiteaReviews, operation }, call)).length;
}

async function addAssignees(
  http: ForgeHttp,
  open: PullRequest,
  wanted: readonly string[],
  present: readonly string[],
  call: Call,
): Promise<readonly NotAdded[]> {
  const refused: NotAdded[] = [];
  const assignees = [...present];
  for (const name of missing(wanted, present)) {
    // The list is replaced: whoever is in it has to be named again.
    const body = { assignees: [...assignees, name] };
    const operation = `assign ${namedPull(open)}`;
    const change = () => http.done({ method: "PATCH", path: pullPath(open), body, operation }, call);
    const taken = await unlessRefused(async () => change().then(() => true));
    if (taken === true) assignees.push(name);
    else refused.push({ what: "assignee", name, why: "the host has no such user, or one without access" });
  }
  return refused;
}

async function setMilestone(
  http: ForgeHttp,
  open: PullRequest,
  wanted: string | undefined,
  present: string | undefined,
  call: Call,
): Promise<readonly NotAdded[]> {
  if (wanted === undefined || wanted === present) return [];
  if (present !== undefined) return [{ what: "milestone", name: wanted, why: "the request has another one" }];
  const path = `${repoPath(open.repo)}/milestones`;
  const query = { state: "open", name: wanted, limit: PAGE_SIZE };
  const operation = `look up a milestone of ${named(open.repo)}`;
  for await (const { id, title } of http.pages(
    { path, query, item: GiteaMilestone, paging: "number", operation },
    call,
  )) {
    if (title !== wanted) continue;
    const change = { method: "PATCH", path: pullPath(open), body: { milestone: id } } as const;
    await http.done({ ...change, operation: `set the milestone of ${namedPull(open)}` }, call);
    return [];
  }
  return [{ what: "milestone", name: wanted, why: "the repository has no open milestone of this title" }];
}

// undefined when the host refuses what is named; errors of any other kind are the caller's.
async function unlessRefused<T>(change: () => Promise<T>): Promise<T | undefined> {
  try {
    return await change();
  } catch (error) {
    if (error instanceof PlatformError && error.kind === "invalid" && error.status !== undefined) return undefined;
    throw error;
  }
}

function isNoAnswerForUs(error: unknown): boolean {
  return error instanceof PlatformError && (error.kind === "not-found" || error.status === 403);
}

function splitTeam(name: string): readonly [string, string] {
  const slash = name.lastIndexOf("/");
  return [name.slice(0, slash), name.slice(slash + 1)];
}

// Names of people and teams differ in more than case; labels are compared the same way when they are looked for.
function missing(wanted: readonly string[], present: readonly string[]): readonly string[] {
  const there = new Set(present.map((name) => name.toLowerCase()));
  return wanted.filter((name) => !there.has(name.toLowerCase()));
}

function names(of: readonly { readonly name: string }[] | null | undefined): readonly string[] {
  return (of ?? []).map(({ name }) => name);
}

function logins(of: readonly { readonly login: string }[] | null | undefined): readonly string[] {
  return (of ?? []).map(({ login }) => login);
}
