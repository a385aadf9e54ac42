import type { PullRequest, RepoRef } from "../../platform.ts";

/** "/repos/acme/fleet" */
export function repoPath({ owner, name }: RepoRef): string {
  return `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
}

/** "/repos/acme/fleet/pulls/7" */
export function pullPath({ repo, number }: Pick<PullRequest, "repo" | "number">): string {
  return `${repoPath(repo)}/pulls/${number}`;
}

/** "/repos/acme/fleet/issues/7": a request is an issue too. */
export function issuePath({ repo, number }: Pick<PullRequest, "repo" | "number">): string {
  return `${repoPath(repo)}/issues/${number}`;
}

/** "acme/fleet", for people. */
export function named({ owner, name }: RepoRef): string {
  return `${owner}/${name}`;
}

/** "pull request acme/fleet#7", for people. */
export function namedPull({ repo, number }: Pick<PullRequest, "repo" | "number">): string {
  return `pull request ${named(repo)}#${number}`;
}

/** Gitea gives at most 50 items a page unless its administrator changed that. */
export const PAGE_SIZE = 50;
