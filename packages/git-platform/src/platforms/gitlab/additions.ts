import type { Call } from "@kubeferry/model";
import type { NotAdded, PullRequest, PullRequestAdditions } from "../../platform.ts";
import type { GitLabClient } from "./client.ts";
import { projectId, readMergeRequest, requestName } from "./merge-requests.ts";
import { GitLabLabel, GitLabMergeRequest, GitLabMilestone, GitLabUser } from "./schema.ts";

interface Place {
  readonly client: GitLabClient;
  readonly open: PullRequest;
  readonly call: Call;
  readonly operation: string;
}

/** Something found by its name, or why it is not there. */
interface Lookup<T> {
  readonly found: readonly T[];
  readonly missing: readonly NotAdded[];
}

/** Adds in one change, which GitLab does not refuse for one name: it leaves out silently, so that its answer is compared. */
export async function addToMergeRequest(
  client: GitLabClient,
  open: PullRequest,
  add: PullRequestAdditions,
  call: Call,
): Promise<readonly NotAdded[]> {
  const operation = `add to merge request ${requestName(open)}`;
  const place = { client, open, call, operation };
  const now = await readMergeRequest(client, open, operation, call);
  const labels = await lookUpLabels(place, without(add.labels, now.labels));
  const reviewers = await lookUpUsers(place, "reviewer", newPeople(add.reviewers, now.reviewers));
  const assignees = await lookUpUsers(place, "assignee", newPeople(add.assignees, now.assignees));
  const milestone = await lookUpMilestone(place, add.milestone, now);
  const missing = [labels, reviewers, assignees, milestone].flatMap((one) => one.missing);
  const changes = {
    // `labels` would take away those of people.
    ...(labels.found.length === 0 ? {} : { addLabels: labels.found.join(",") }),
    ...(reviewers.found.length === 0 ? {} : { reviewerIds: idsOf(now.reviewers, reviewers.found) }),
    ...(assignees.found.length === 0 ? {} : { assigneeIds: idsOf(now.assignees, assignees.found) }),
    ...(milestone.found[0] === undefined ? {} : { milestoneId: milestone.found[0] }),
  };
  if (Object.keys(changes).length === 0) return missing;
  const made = client.requests.mergeRequests.edit(projectId(open.repo), open.number, changes);
  const after = await client.json(made, { operation, answer: GitLabMergeRequest }, call);
  return [
    ...missing,
    ...dropped("reviewer", reviewers.found, after.reviewers),
    ...dropped("assignee", assignees.found, after.assignees),
  ];
}

// GitLab makes a label that there is not, wherever the token's user may; one of a typing mistake helps nobody.
async function lookUpLabels(place: Place, names: readonly string[]): Promise<Lookup<string>> {
  if (names.length === 0) return { found: [], missing: [] };
  const { client, open, call, operation } = place;
  const left = new Set(names);
  const found: string[] = [];
  for await (const { name } of client.pages(
    client.requests.labels.all(projectId(open.repo), { includeAncestorGroups: true }),
    { operation, item: GitLabLabel },
    call,
  )) {
    if (left.delete(name)) found.push(name);
    if (left.size === 0) break;
  }
  const why = "neither the project nor a group above it has such a label";
  return { found, missing: [...left].map((name) => ({ what: "label" as const, name, why })) };
}

async function lookUpUsers(
  { client, call, operation }: Place,
  what: "reviewer" | "assignee",
  names: readonly string[],
): Promise<Lookup<GitLabUser>> {
  const found: GitLabUser[] = [];
  const missing: NotAdded[] = [];
  for (const name of names) {
    const made = client.requests.users.all({ username: name });
    const users = await client.json(made, { operation, answer: GitLabUser.array() }, call);
    const user = users.find((one) => sameName(one.username, name));
    if (user === undefined) missing.push({ what, name, why: "the host has no such user" });
    else if ((user.state ?? "active") !== "active") missing.push({ what, name, why: `the user is ${user.state}` });
    else found.push(user);
  }
  return { found, missing };
}

async function lookUpMilestone(
  { client, open, call, operation }: Place,
  title: string | undefined,
  now: GitLabMergeRequest,
): Promise<Lookup<number>> {
  if (title === undefined || now.milestone?.title === title) return { found: [], missing: [] };
  const refuse = (why: string) => ({ found: [], missing: [{ what: "milestone" as const, name: title, why }] });
  if (now.milestone !== null && now.milestone !== undefined) return refuse("the request has another milestone");
  const wanted = { title, state: "active", includeAncestors: true } as const;
  const made = client.requests.milestones.all(projectId(open.repo), wanted);
  const found = await client.json(made, { operation, answer: GitLabMilestone.array() }, call);
  const milestone = found.find((one) => one.title === title);
  if (milestone === undefined) return refuse("neither the project nor a group above it has such an active milestone");
  return { found: [milestone.id], missing: [] };
}

type People = readonly { readonly id: number; readonly username: string }[];

function dropped(what: "reviewer" | "assignee", wanted: readonly GitLabUser[], after: People = []): NotAdded[] {
  const there = new Set(after.map(({ id }) => id));
  const left = wanted.filter(({ id }) => !there.has(id));
  const why =
    after.length === 0
      ? "the host left the user out, who may not see the project"
      : "the host left the user out: several need GitLab Premium, and each must see the project";
  return left.map(({ username }) => ({ what, name: username, why }));
}

// Those who are there come first: without Premium GitLab keeps the first only.
function idsOf(now: People | undefined, more: People): number[] {
  return [...new Set([...(now ?? []), ...more].map(({ id }) => id))];
}

function newPeople(names: readonly string[], there: People = []): readonly string[] {
  return [...new Set(names)].filter((name) => !there.some(({ username }) => sameName(username, name)));
}

function without(names: readonly string[], there: readonly string[]): readonly string[] {
  return [...new Set(names)].filter((name) => !there.includes(name));
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
