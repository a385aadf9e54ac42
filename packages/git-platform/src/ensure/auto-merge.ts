import type { Call } from "@kubeferry/model";
import type { BranchPair } from "../platform.ts";
import type { Warnings } from "./warnings.ts";
import type { PreparedHost, Settling } from "./wish.ts";

/**
 * Keeps the host from merging the open request of a branch by itself; for callers to do before they push something that
 * removes, so that it is not merged between the push and the change of the request. Where nothing is open or set, or the
 * host merges nothing by itself, it does nothing.
 * @throws PlatformError when it could not be kept from it: nothing must be pushed then
 */
export async function holdAutoMerge(
  { platform, repo, info }: PreparedHost,
  branches: BranchPair,
  call: Call,
): Promise<void> {
  if (!info.can.autoMerge) return;
  const open = await platform.findOpenPullRequest(repo, branches, call);
  if (open !== undefined) await platform.cancelAutoMerge(open, call);
}

/** Whether the host merges the request by itself, in two steps around the changes of the request. */
export const settleAutoMerge = { beforeChanges, afterChanges };

/**
 * Takes it back where the request has come to remove something.
 * @throws PlatformError when that fails
 */
async function beforeChanges({ host, open, created, want }: Settling, call: Call): Promise<void> {
  if (created || !want.pushed || !want.removes || !host.info.can.autoMerge) return;
  await host.platform.cancelAutoMerge(open, call);
}

/** Asks for it, where there is something new to merge. In a run without news it stays as people have set it. */
async function afterChanges({ host, open, created, want }: Settling, warnings: Warnings, call: Call): Promise<void> {
  const { autoMerge: method, removes, pushed, commit } = want;
  if (method === undefined || removes || !host.info.can.autoMerge) return;
  if (!created && !pushed) return;
  await warnings.unless("have it merged by itself", () =>
    host.platform.enableAutoMerge(open, { method, commit }, call),
  );
}
