import type { Call } from "@kubeferry/model";
import type { NotAdded, PullRequest } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import type { GitHubApi } from "./api.ts";
import { at, numbered, sameName } from "./paths.ts";
import type { GitHubPeople } from "./schema.ts";

/** Who is to be asked for a review, beside whom the request has already. */
export interface ReviewersWanted {
  readonly has: GitHubPeople;
  readonly reviewers: readonly string[];
  /** "platform", or "acme/platform". */
  readonly teams: readonly string[];
}

/**
 * Asks for reviews. One name that GitHub does not take makes it take none: then each is asked for alone.
 * @returns whom it does not take
 */
export async function addReviewers(
  api: GitHubApi,
  open: PullRequest,
  wanted: ReviewersWanted,
  call: Call,
): Promise<readonly NotAdded[]> {
  const asked = [...usersToAsk(wanted), ...teamsToAsk(wanted, open.repo.owner)];
  const strange = asked.filter(({ slug }) => slug === undefined).map(notAdded);
  const names = asked.filter(({ slug }) => slug !== undefined);
  if (names.length === 0) return strange;
  if (await taken(api, open, names, call)) return strange;
  if (names.length === 1) return [...strange, ...names.map(notAdded)];
  const refused: NotAdded[] = [];
  for (const name of names) {
    if (!(await taken(api, open, [name], call))) refused.push(notAdded(name));
  }
  return [...strange, ...refused];
}

interface Asked {
  readonly what: "reviewer" | "team";
  readonly name: string;
  /** As GitHub wants it; undefined for a team that cannot be asked here. */
  readonly slug: string | undefined;
}

function usersToAsk({ has, reviewers }: ReviewersWanted): readonly Asked[] {
  const present = (has.requested_reviewers ?? []).map(({ login }) => login);
  const missing = reviewers.filter((name) => !present.some((login) => sameName(login, name)));
  return missing.map((name) => ({ what: "reviewer", name, slug: name }));
}

function teamsToAsk({ has, teams }: ReviewersWanted, organisation: string): readonly Asked[] {
  const present = (has.requested_teams ?? []).map(({ slug }) => slug);
  const teamsAsked = teams.map((name): Asked => {
    const [slug = "", owner = organisation] = name.split("/").reverse();
    return { what: "team", name, slug: sameName(owner, organisation) ? slug : undefined };
  });
  return teamsAsked.filter(({ slug }) => slug === undefined || !present.some((asked) => sameName(asked, slug)));
}

async function taken(api: GitHubApi, open: PullRequest, names: readonly Asked[], call: Call): Promise<boolean> {
  const of = (what: Asked["what"]) => names.flatMap((name) => (name.what === what ? [name.slug ?? name.name] : []));
  const wanted = {
    ...at(open.repo),
    pull_number: open.number,
    reviewers: of("reviewer"),
    team_reviewers: of("team"),
  };
  const operation = `ask for reviews of pull request ${numbered(open)}`;
  try {
    await api.done({ operation, send: ({ rest }) => rest.pulls.requestReviewers(wanted) }, call);
    return true;
  } catch (error) {
    if (error instanceof PlatformError && error.status === 422) return false;
    throw error;
  }
}

function notAdded({ what, name, slug }: Asked): NotAdded {
  if (slug === undefined) return { what, name, why: "only teams of the repository's own organisation can be asked" };
  const why =
    what === "team"
      ? "GitHub asks only teams with access to the repository, and only when the token may see them"
      : "GitHub asks only people with access to the repository, and not the author";
  return { what, name, why };
}
