import type { BranchPair, PullRequest, RepoRef } from "../../platform.ts";

/** The version that each request names; Azure DevOps Server has it from 2022.1 on. */
export const API_VERSION = { "api-version": "7.1" } as const;

/** The most that Azure gives of its lists. */
export const PAGE_SIZE = 100;

/** "/Shop%20Platform/_apis/git/repositories/fleet". */
export function repoPath({ owner, name }: RepoRef): string {
  return `/${encodeURIComponent(owner)}/_apis/git/repositories/${encodeURIComponent(name)}`;
}

/** Where a request's title, text and state are. */
export function pullPath({ repo, number }: Pick<PullRequest, "repo" | "number">): string {
  return `${repoPath(repo)}/pullrequests/${number}`;
}

/** Where what belongs to a request is: labels, reviewers, threads, statuses. */
export function partsPath({ repo, number }: Pick<PullRequest, "repo" | "number">): string {
  return `${repoPath(repo)}/pullRequests/${number}`;
}

/** The whole name of a branch. */
export function refOf(branch: string): string {
  return `refs/heads/${branch}`;
}

/** The name of a branch without "refs/heads/". */
export function branchOf(ref: string): string {
  return ref.replace(/^refs\/heads\//, "");
}

/** For errors: "Shop Platform/fleet". */
export function named({ owner, name }: RepoRef): string {
  return `${owner}/${name}`;
}

/** For errors: "pull request shop/fleet!7". */
export function namedPull({ repo, number }: Pick<PullRequest, "repo" | "number">): string {
  return `pull request ${named(repo)}!${number}`;
}

/** For errors: "shop/fleet kubeferry/main -> main". */
export function namedPair(repo: RepoRef, { from, to }: BranchPair): string {
  return `${named(repo)} ${from} -> ${to}`;
}
