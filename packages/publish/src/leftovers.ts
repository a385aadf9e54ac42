import type { RemoteBranch } from "@kubeferry/git";
import { code } from "@kubeferry/layout";
import type { Call } from "@kubeferry/model";
import { parseBranchName } from "./branch-names.ts";
import { orFailed } from "./or-failed.ts";
import { isWorthTelling, NO_FILES, type Published } from "./published.ts";
import type { Publishing } from "./publishing.ts";
import { isOurs } from "./trailers.ts";
import { withdraw } from "./withdraw.ts";

/**
 * Withdraws what a run has no part for: requests of another cut, of namespaces that are no longer in scope. Only branches
 * of ours, by their names and by every commit on them.
 * @param now what became of the run's parts; none of them failed
 */
export async function withdrawLeftovers(
  now: readonly Published[],
  publishing: Publishing,
  call: Call,
): Promise<readonly Published[]> {
  const { branches } = publishing;
  const current = new Set(now.map(({ branch }) => branch));
  const reason = reasonToLeave(now);
  const withdrawn: Published[] = [];
  for (const [name, remote] of branches.existing) {
    const named = parseBranchName(branches.configured, name);
    if (named === undefined || current.has(name)) continue;
    if (remote.commits.length === 0) continue;
    if (!remote.commits.every((commit) => isOurs(commit, branches, named.part))) continue;
    const stale = { part: named.part, branch: name };
    withdrawn.push(await orFailed(() => leave({ ...stale, remote, reason }, publishing, call), stale, call));
  }
  return withdrawn.filter(isWorthTelling);
}

async function leave(
  stale: Pick<Published, "part" | "branch"> & { readonly remote: RemoteBranch; readonly reason: string },
  publishing: Publishing,
  call: Call,
): Promise<Published> {
  const { part, branch, remote, reason } = stale;
  const request = await withdraw({ name: branch, remote, reason }, publishing, call);
  const { pullRequest, outcome = "none" } = request ?? {};
  return { part, branch, commit: "", outcome, pullRequest, files: NO_FILES, warnings: [] };
}

/** How many requests a comment names. */
const MOST_NAMED = 10;

function reasonToLeave(now: readonly Published[]): string {
  const proposing = now.filter(({ outcome, commit }) => outcome !== "closed" && (commit !== "" || outcome !== "none"));
  if (proposing.length === 0) return "Nothing of what this request proposed is left to propose.";
  const named = proposing.slice(0, MOST_NAMED).map(({ pullRequest, branch }) => pullRequest?.url ?? code(branch));
  const more = proposing.length - named.length;
  return `What there is to propose is cut otherwise now, and is in ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
}
