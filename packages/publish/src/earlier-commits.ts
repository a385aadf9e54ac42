import { parseBranchName } from "./branch-names.ts";
import type { BranchSearch } from "./choose-branch.ts";
import { partOfFolder } from "./parts/split-plan.ts";
import { isOurs } from "./trailers.ts";

/** The commits of earlier runs, on branches still open, that may hold a folder's encrypted Secrets; by the names of the branches. */
export type EarlierCommits = (folder: string) => readonly string[];

/** Looks them up: what was encrypted there stays as it is, whatever request it is in now. */
export function earlierCommits(search: BranchSearch): EarlierCommits {
  const { existing, configured } = search;
  const found: { readonly commit: string; readonly part: string | undefined }[] = [];
  for (const [name, remote] of existing) {
    const named = parseBranchName(configured, name);
    if (named === undefined || !remote.commits.every((commit) => isOurs(commit, search, named.part))) continue;
    found.push({ commit: remote.commit, part: named.part });
  }
  return (folder) => {
    const own = found.filter(({ part }) => part === undefined || part === partOfFolder(folder));
    // Parts that are cut by environment hold something of every folder.
    return (own.length === 0 ? found : own).map(({ commit }) => commit);
  };
}
