import type { Call } from "@kubeferry/model";
import { setStatusIfDifferent } from "./ensure/commit-status.ts";
import { createWarnings } from "./ensure/warnings.ts";
import type { PreparedHost, PullRequestResult, PullRequestWish } from "./ensure/wish.ts";
import { ensurePullRequest } from "./ensure-pull-request.ts";

/**
 * Leaves the open request of a branch as it is, since what it proposes is what is wanted: people may have written into
 * its text. Only the verdict on the commit is set, where it differs. A request that is missing is opened.
 * @throws PlatformError when a missing request could not be opened
 */
export async function leavePullRequest(
  host: PreparedHost,
  want: PullRequestWish,
  call: Call,
): Promise<PullRequestResult> {
  const open = await host.platform.findOpenPullRequest(host.repo, want, call);
  if (open === undefined) return ensurePullRequest(host, want, call);
  const warnings = createWarnings(host.platform.id, call);
  await setStatusIfDifferent({ host, open, created: false, want }, warnings, call);
  return { outcome: "unchanged", pullRequest: { url: open.url, number: open.number }, warnings: warnings.texts };
}
