import type { NextPage } from "../../http/pages.ts";
import type { PullRequest, RepoRef } from "../../platform.ts";
import { ServerPage } from "./schema.ts";

/** "/api/latest/projects/ACME/repos/fleet"; a personal repository's project is "~ada".
 * @param api which of the REST APIs below /rest: most is in "api" */
export function repoPath({ owner, name }: RepoRef, api = "api"): string {
  return `/${api}/latest/projects/${encodeURIComponent(owner)}/repos/${encodeURIComponent(name)}`;
}

/** "/api/latest/projects/ACME/repos/fleet/pull-requests/7" */
export function pullPath({ repo, number }: Pick<PullRequest, "repo" | "number">): string {
  return `${repoPath(repo)}/pull-requests/${number}`;
}

/** "ACME/fleet", for people. */
export function named({ owner, name }: RepoRef): string {
  return `${owner}/${name}`;
}

/** "pull request ACME/fleet#7", for people. */
export function namedPull({ repo, number }: Pick<PullRequest, "repo" | "number">): string {
  return `pull request ${named(repo)}#${number}`;
}

/** "main" as Bitbucket's API names it. */
export function refOf(branch: string): string {
  return `refs/heads/${branch}`;
}

/** An administrator may allow less; the answer says from where to go on. */
export const PAGE_LIMIT = 100;

/** Where the next page starts stands in the answer. */
export const nextStart: NextPage = ({ json }) => {
  const { isLastPage, nextPageStart } = ServerPage.parse(json);
  if (isLastPage !== false || typeof nextPageStart !== "number") return undefined;
  return { query: { start: nextPageStart } };
};
