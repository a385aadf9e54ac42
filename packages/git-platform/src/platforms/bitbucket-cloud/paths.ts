import type { NextPage } from "../../http/pages.ts";
import type { PullRequest, RepoRef } from "../../platform.ts";
import { CloudPage } from "./schema.ts";

/** "/repositories/acme/fleet" */
export function repoPath({ owner, name }: RepoRef): string {
  return `/repositories/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
}

/** "/repositories/acme/fleet/pullrequests/7" */
export function pullPath({ repo, number }: Pick<PullRequest, "repo" | "number">): string {
  return `${repoPath(repo)}/pullrequests/${number}`;
}

/** "acme/fleet", for people. */
export function named({ owner, name }: RepoRef): string {
  return `${owner}/${name}`;
}

/** "pull request acme/fleet#7", for people. */
export function namedPull({ repo, number }: Pick<PullRequest, "repo" | "number">): string {
  return `pull request ${named(repo)}#${number}`;
}

/** A text inside a filter: `name = "feature/\"x\""`. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** Bitbucket gives at most 50 pull requests a page, and 100 of other things. */
export const PAGE_LENGTH = 50;

/** The address of the next page stands in the answer. */
export const nextInBody: NextPage = ({ json }) => {
  const { next } = CloudPage.parse(json);
  return next === undefined ? undefined : { path: next };
};
