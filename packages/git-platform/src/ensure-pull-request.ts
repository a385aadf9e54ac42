import type { Call } from "@kubeferry/model";
import { addWhatIsMissing } from "./ensure/additions.ts";
import { settleAutoMerge } from "./ensure/auto-merge.ts";
import { setStatusIfDifferent } from "./ensure/commit-status.ts";
import { syncContinuations } from "./ensure/continuations.ts";
import { createWarnings, type Warnings } from "./ensure/warnings.ts";
import type { PreparedHost, PullRequestResult, PullRequestWish } from "./ensure/wish.ts";
import { fitBody, fitTitle } from "./fit-text.ts";
import type { BranchPair, PullRequest, PullRequestChanges, PullRequestSpec } from "./platform.ts";
import { PlatformError } from "./platform-error.ts";
import { type LongText, sameText, splitText } from "./split-text.ts";

/**
 * Sees to it that exactly one request from -> to is open with this title and body: opens it, or changes what differs,
 * or does nothing. Two runs at once end with one request. A text that is longer than the host takes goes on in comments.
 *
 * People's part is theirs: nothing is taken away, and what belongs to the opening (draft, reviewers, assignees,
 * milestone) is said once. What the host cannot do is not asked; what it refuses beside the request is a warning.
 * @throws PlatformError when the request could not be opened or changed, or a removal could not be kept from being
 *   merged by itself
 */
export async function ensurePullRequest(
  host: PreparedHost,
  want: PullRequestWish,
  call: Call,
): Promise<PullRequestResult> {
  const warnings = createWarnings(host.platform.id, call);
  const { platform, info } = host;
  const text = splitText(want.body, platform.limits);
  const { from, to } = want;
  const title = fitTitle(want.title, platform.limits.titleLength);
  const spec: PullRequestSpec = { from, to, title, body: text.first, draft: want.draft && info.can.draft };
  const { open, created } = await findOrOpen(host, spec, call);
  // Before anything that could have the host merge it.
  const settled = { host, open, created, want };
  await settleAutoMerge.beforeChanges(settled, call);
  const changed = created
    ? await addContinuations(host, open, text, warnings, call)
    : await change(host, open, { spec, text }, warnings, call);
  const added = await addWhatIsMissing(settled, warnings, call);
  await setStatusIfDifferent(settled, warnings, call);
  await settleAutoMerge.afterChanges(settled, warnings, call);
  const outcome = created ? "created" : changed || added ? "updated" : "unchanged";
  return { outcome, pullRequest: { url: open.url, number: open.number }, warnings: warnings.texts };
}

/**
 * Closes the open request of a branch, when there is one, because nothing is left to propose; a comment says why.
 * @returns undefined when none was open
 * @throws PlatformError
 */
export async function closePullRequest(
  { platform, repo }: Pick<PreparedHost, "platform" | "repo">,
  close: BranchPair & { readonly reason: string },
  call: Call,
): Promise<PullRequestResult | undefined> {
  const open = await platform.findOpenPullRequest(repo, close, call);
  if (open === undefined) return undefined;
  // The reason first: a request that is closed without one would never get it.
  await platform.comment(open, fitBody(close.reason, platform.limits.commentLength), call);
  await platform.closePullRequest(open, call);
  return { outcome: "closed", pullRequest: { url: open.url, number: open.number }, warnings: [] };
}

async function findOrOpen(
  { platform, repo }: PreparedHost,
  spec: PullRequestSpec,
  call: Call,
): Promise<{ readonly open: PullRequest; readonly created: boolean }> {
  const open = await platform.findOpenPullRequest(repo, spec, call);
  if (open !== undefined) return { open, created: false };
  try {
    return { open: await platform.createPullRequest(repo, spec, call), created: true };
  } catch (error) {
    if (!(error instanceof PlatformError && error.kind === "conflict")) throw error;
    // Another run was faster, between our look and our request.
    const theirs = await platform.findOpenPullRequest(repo, spec, call);
    if (theirs === undefined) throw error;
    return { open: theirs, created: false };
  }
}

/** @returns whether anything was changed */
async function change(
  host: PreparedHost,
  open: PullRequest,
  { spec, text }: { readonly spec: PullRequestSpec; readonly text: LongText },
  warnings: Warnings,
  call: Call,
): Promise<boolean> {
  const changes: PullRequestChanges = {
    ...(open.title === spec.title ? {} : { title: spec.title }),
    ...(sameText(open.body, spec.body) ? {} : { body: spec.body }),
  };
  // Comments of an earlier, longer text are looked for when the text changes, which is when they can have become too many.
  const commented =
    (text.rest.length > 0 || changes.body !== undefined) && (await addContinuations(host, open, text, warnings, call));
  if (Object.keys(changes).length === 0) return commented;
  await host.platform.updatePullRequest(open, changes, call);
  return true;
}

async function addContinuations(
  host: PreparedHost,
  open: PullRequest,
  { rest }: LongText,
  warnings: Warnings,
  call: Call,
): Promise<boolean> {
  const sync = () => syncContinuations(host, open, rest, call);
  return (await warnings.unless("continue the text in comments", sync)) ?? false;
}
