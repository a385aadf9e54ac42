import type { BranchPair, PullRequest, RepoRef } from "../../platform.ts";

/** A repository as Octokit's methods want it. */
export function at({ owner, name }: RepoRef): { readonly owner: string; readonly repo: string } {
  return { owner, repo: name };
}

/** "/repos/acme/fleet". */
export function repoPath({ owner, name }: RepoRef): string {
  return `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
}

/** For people: "acme/fleet". */
export function named({ owner, name }: RepoRef): string {
  return `${owner}/${name}`;
}

/** For people: "acme/fleet#7". */
export function numbered({ repo, number }: PullRequest): string {
  return `${named(repo)}#${number}`;
}

/** For people: "acme/fleet kubeferry/main -> main". */
export function paired(repo: RepoRef, { from, to }: BranchPair): string {
  return `${named(repo)} ${from} -> ${to}`;
}

/** GitHub does not tell names apart by case. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
