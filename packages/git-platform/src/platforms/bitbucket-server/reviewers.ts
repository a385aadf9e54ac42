import type { Call } from "@kubeferry/model";
import type { NotAdded, PullRequest, PullRequestAdditions } from "../../platform.ts";
import type { ServerApi } from "./api.ts";
import { named, nextStart, PAGE_LIMIT, repoPath } from "./paths.ts";
import { changePull, readPull } from "./put-pull.ts";
import { ServerReviewerGroup } from "./schema.ts";

/**
 * Adds reviewers, by the names they sign in with, and everybody in a reviewer group of the repository or its project.
 * Of everything else Bitbucket Data Center has no such thing, and that is said.
 */
export async function addToPull(
  api: ServerApi,
  open: PullRequest,
  add: PullRequestAdditions,
  call: Call,
): Promise<readonly NotAdded[]> {
  const groups = await membersOf(api, open, add.teamReviewers, call);
  const wanted = [...new Set([...add.reviewers, ...groups.members])];
  const refused = wanted.length === 0 ? [] : await addReviewers(api, open, wanted, call);
  const why = "the host knows no such user, or one who cannot review this request";
  // Somebody of a group who cannot review is no failure of the group.
  const named = refused.filter((name) => add.reviewers.includes(name));
  return [...unknownHere(add), ...groups.notAdded, ...named.map((name) => ({ what: "reviewer", name, why }) as const)];
}

function unknownHere({ labels, assignees, milestone }: PullRequestAdditions): readonly NotAdded[] {
  const why = "Bitbucket Data Center has none";
  return [
    ...labels.map((name) => ({ what: "label", name, why }) as const),
    ...assignees.map((name) => ({ what: "assignee", name, why }) as const),
    ...(milestone === undefined ? [] : [{ what: "milestone", name: milestone, why } as const]),
  ];
}

async function addReviewers(
  api: ServerApi,
  open: PullRequest,
  wanted: readonly string[],
  call: Call,
): Promise<readonly string[]> {
  const present = new Set((await readPull(api, open, call)).reviewers.map(({ user }) => user.name));
  const fresh = wanted.filter((name) => !present.has(name));
  if (fresh.length === 0) return [];
  return (await changePull(api, open, { reviewers: fresh }, call)).refused;
}

async function membersOf(
  { http }: ServerApi,
  { repo }: PullRequest,
  teams: readonly string[],
  call: Call,
): Promise<{ readonly members: readonly string[]; readonly notAdded: readonly NotAdded[] }> {
  if (teams.length === 0) return { members: [], notAdded: [] };
  const path = `${repoPath(repo)}/settings/reviewer-groups`;
  const list = { path, query: { limit: PAGE_LIMIT }, itemsIn: "values", item: ServerReviewerGroup } as const;
  const operation = `look up reviewer groups of ${named(repo)}`;
  const groups = new Map<string, readonly string[]>();
  for await (const { name, users } of http.pages({ ...list, paging: nextStart, operation }, call)) {
    const active = (users ?? []).flatMap((user) => (user.active === false ? [] : [user.name]));
    groups.set(name, [...(groups.get(name) ?? []), ...active]);
  }
  const found = teams.map((team) => ({ team, members: groups.get(ownName(team, repo.owner)) ?? [] }));
  const why = "neither the repository nor its project has a reviewer group of this name with anybody in it";
  const without = found.filter(({ members }) => members.length === 0);
  return {
    members: found.flatMap(({ members }) => members),
    notAdded: without.map(({ team }) => ({ what: "team", name: team, why }) as const),
  };
}

// "ACME/platform" is the group "platform" where ACME is the repository's own project.
function ownName(team: string, project: string): string {
  return team.startsWith(`${project}/`) ? team.slice(project.length + 1) : team;
}
