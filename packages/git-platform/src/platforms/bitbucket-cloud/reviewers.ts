import type { Call } from "@kubeferry/model";
import type { NotAdded, PullRequest, PullRequestAdditions, RepoRef } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import type { CloudApi } from "./api.ts";
import { named, nextInBody, PAGE_LENGTH, repoPath } from "./paths.ts";
import { putPull } from "./put-pull.ts";
import { readPull, textOf } from "./requests.ts";
import { type CloudAccount, CloudMember } from "./schema.ts";

/** Adds reviewers, and says of everything else that Bitbucket Cloud has no such thing. */
export async function addToPull(
  api: CloudApi,
  open: PullRequest,
  add: PullRequestAdditions,
  call: Call,
): Promise<readonly NotAdded[]> {
  return [...unknownHere(add), ...(await addReviewers(api, open, add.reviewers, call))];
}

function unknownHere({ labels, teamReviewers, assignees, milestone }: PullRequestAdditions): readonly NotAdded[] {
  const why = "Bitbucket Cloud has none";
  return [
    ...labels.map((name) => ({ what: "label", name, why }) as const),
    ...teamReviewers.map((name) => ({ what: "team", name, why }) as const),
    ...assignees.map((name) => ({ what: "assignee", name, why }) as const),
    ...(milestone === undefined ? [] : [{ what: "milestone", name: milestone, why } as const]),
  ];
}

async function addReviewers(
  api: CloudApi,
  open: PullRequest,
  names: readonly string[],
  call: Call,
): Promise<readonly NotAdded[]> {
  if (names.length === 0) return [];
  const now = await readPull(api.http, open, call);
  const present = now.reviewers ?? [];
  const found = await findPeople(api, open.repo, names, call);
  const there = new Set(present.map(({ uuid }) => uuid));
  const fresh = [...found.people].filter(([, { uuid }]) => !there.has(uuid));
  if (fresh.length === 0) return found.notAdded;
  const added = new Map(fresh.map(([, person]) => [person.uuid, person]));
  const want = { now, title: now.title, text: textOf(now), reviewers: [...present, ...added.values()] };
  const { refused } = await putPull(api, open, want, call);
  const refusedIds = new Set(refused.map(({ uuid }) => uuid));
  const left = fresh.filter(([, { uuid }]) => refusedIds.has(uuid));
  const why = "the author of the request, or somebody without access to the repository";
  return [...found.notAdded, ...left.map(([name]) => ({ what: "reviewer", name, why }) as const)];
}

const UUID = /^\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$/i;

/**
 * Who is meant: a {uuid} needs no look-up, and thus no right to look; an account id, nickname or full name is looked
 * for among the workspace's members, and where the token may not list them, among the default reviewers.
 */
async function findPeople(
  api: CloudApi,
  repo: RepoRef,
  names: readonly string[],
  call: Call,
): Promise<{ readonly people: ReadonlyMap<string, CloudAccount>; readonly notAdded: readonly NotAdded[] }> {
  const people = new Map<string, CloudAccount>();
  const notAdded: NotAdded[] = [];
  const toFind = [...new Set(names)].filter((name) => !UUID.test(name));
  const known = toFind.length === 0 ? { accounts: [], whole: true } : await listPeople(api, repo, call);
  for (const name of new Set(names)) {
    const matches = UUID.test(name) ? [{ uuid: name }] : known.accounts.filter((account) => isCalled(account, name));
    const [only, another] = matches;
    if (only !== undefined && another === undefined) people.set(name, only);
    else notAdded.push({ what: "reviewer", name, why: whyNot(matches.length, known.whole) });
  }
  return { people, notAdded };
}

function isCalled({ account_id, nickname, display_name }: CloudAccount, name: string): boolean {
  return [account_id, nickname, display_name].includes(name);
}

function whyNot(matches: number, whole: boolean): string {
  if (matches > 1) return "several people are called so: write the account id or {uuid} of one";
  if (whole) return "no member of the workspace is called so";
  return "the token may not look up members of the workspace: write the account's {uuid}";
}

async function listPeople(
  api: CloudApi,
  repo: RepoRef,
  call: Call,
): Promise<{ readonly accounts: readonly CloudAccount[]; readonly whole: boolean }> {
  const workspace = encodeURIComponent(repo.owner);
  try {
    return { accounts: await accountsOf(api, repo, `/workspaces/${workspace}/members`, call), whole: true };
  } catch (error) {
    if (!(error instanceof PlatformError && error.kind === "denied")) throw error;
  }
  const path = `${repoPath(repo)}/effective-default-reviewers`;
  return { accounts: await accountsOf(api, repo, path, call), whole: false };
}

async function accountsOf(
  { http }: CloudApi,
  repo: RepoRef,
  path: string,
  call: Call,
): Promise<readonly CloudAccount[]> {
  const list = { path, query: { pagelen: PAGE_LENGTH }, itemsIn: "values", item: CloudMember } as const;
  const accounts: CloudAccount[] = [];
  const operation = `look up reviewers for ${named(repo)}`;
  for await (const { user } of http.pages({ ...list, paging: nextInBody, operation }, call)) accounts.push(user);
  return accounts;
}
