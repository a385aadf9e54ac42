import type { Call } from "@kubeferry/model";
import type { NotAdded, PullRequest, PullRequestAdditions } from "../../platform.ts";
import type { GitHubApi } from "./api.ts";
import { at, named, numbered, repoPath, sameName } from "./paths.ts";
import { addReviewers } from "./reviewers.ts";
import { GitHubAssigned, GitHubLabel, GitHubMilestone, GitHubPeople } from "./schema.ts";

/** See GitPlatform. */
export async function addToPull(
  api: GitHubApi,
  open: PullRequest,
  add: PullRequestAdditions,
  call: Call,
): Promise<readonly NotAdded[]> {
  const labels = await addLabels(api, open, add.labels, call);
  const { reviewers, teamReviewers, assignees, milestone } = add;
  if (reviewers.length + teamReviewers.length + assignees.length === 0 && milestone === undefined) return labels;
  const pull_number = open.number;
  const operation = `look at pull request ${numbered(open)}`;
  const send = { operation, answer: GitHubPeople } as const;
  const has = await api.ask({ ...send, send: ({ rest }) => rest.pulls.get({ ...at(open.repo), pull_number }) }, call);
  return [
    ...labels,
    ...(await addReviewers(api, open, { has, reviewers, teams: teamReviewers }, call)),
    ...(await addAssignees(api, open, missingFrom(has, assignees), call)),
    ...(milestone === undefined ? [] : await setMilestone(api, open, { has, title: milestone }, call)),
  ];
}

// GitHub would make a label that it does not know; a misspelt one is better said.
async function addLabels(
  api: GitHubApi,
  open: PullRequest,
  wanted: readonly string[],
  call: Call,
): Promise<readonly NotAdded[]> {
  const missing = wanted.filter((label) => !open.labels.some((has) => sameName(has, label)));
  if (missing.length === 0) return [];
  const known: string[] = [];
  const operation = `look up labels of ${named(open.repo)}`;
  const request = { path: `${repoPath(open.repo)}/labels`, item: GitHubLabel, operation };
  for await (const { name } of api.pages(request, call)) known.push(name);
  const labels = known.filter((name) => missing.some((label) => sameName(name, label)));
  if (labels.length > 0) {
    const add = { ...at(open.repo), issue_number: open.number, labels };
    const adding = `add labels to pull request ${numbered(open)}`;
    await api.done({ operation: adding, send: ({ rest }) => rest.issues.addLabels(add) }, call);
  }
  const unknown = missing.filter((label) => !known.some((name) => sameName(name, label)));
  return unknown.map((name) => ({ what: "label", name, why: "the repository has no such label" }));
}

function missingFrom({ assignees }: GitHubPeople, wanted: readonly string[]): readonly string[] {
  return wanted.filter((name) => !(assignees ?? []).some(({ login }) => sameName(login, name)));
}

// Whom it does not take, GitHub leaves out without a word; the answer shows it.
async function addAssignees(
  api: GitHubApi,
  open: PullRequest,
  wanted: readonly string[],
  call: Call,
): Promise<readonly NotAdded[]> {
  if (wanted.length === 0) return [];
  const add = { ...at(open.repo), issue_number: open.number, assignees: [...wanted] };
  const operation = `assign pull request ${numbered(open)}`;
  const send = { operation, answer: GitHubAssigned } as const;
  const now = await api.ask({ ...send, send: ({ rest }) => rest.issues.addAssignees(add) }, call);
  const taken = (name: string) => (now.assignees ?? []).some(({ login }) => sameName(login, name));
  const why = "GitHub assigns only people with access to the repository, and ten at most";
  return wanted.filter((name) => !taken(name)).map((name) => ({ what: "assignee", name, why }));
}

async function setMilestone(
  api: GitHubApi,
  open: PullRequest,
  { has, title }: { readonly has: GitHubPeople; readonly title: string },
  call: Call,
): Promise<readonly NotAdded[]> {
  const present = has.milestone?.title;
  if (present === title) return [];
  if (present !== undefined) return [{ what: "milestone", name: title, why: "the request has another one" }];
  const number = await milestoneNumber(api, open, title, call);
  if (number === undefined) {
    return [{ what: "milestone", name: title, why: "the repository has no open milestone of this title" }];
  }
  const change = { ...at(open.repo), issue_number: open.number, milestone: number };
  const operation = `set the milestone of pull request ${numbered(open)}`;
  await api.done({ operation, send: ({ rest }) => rest.issues.update(change) }, call);
  return [];
}

async function milestoneNumber(
  api: GitHubApi,
  { repo }: PullRequest,
  title: string,
  call: Call,
): Promise<number | undefined> {
  const operation = `look up milestones of ${named(repo)}`;
  const request = { path: `${repoPath(repo)}/milestones`, query: { state: "open" }, item: GitHubMilestone, operation };
  for await (const milestone of api.pages(request, call)) {
    if (milestone.title === title) return milestone.number;
  }
  return undefined;
}
