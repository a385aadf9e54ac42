import type { Call } from "@kubeferry/model";
import { fitBody, fitTitle } from "./fit-text.ts";
import type { BranchPair, GitPlatform, PullRequest, PullRequestChanges, PullRequestSpec, RepoRef } from "./platform.ts";
import { PlatformError } from "./platform-error.ts";

/** What became of the request of a branch. */
export interface PullRequestResult {
  readonly outcome: "created" | "updated" | "unchanged" | "closed";
  readonly pullRequest: { readonly url: string; readonly number: number };
}

/**
 * Sees to it that exactly one request from -> to is open with this title and body: opens it, or changes what differs,
 * or does nothing. Two runs at once end with one request. Texts longer than the host takes are cut, and say so.
 * @throws PlatformError
 */
export async function ensurePullRequest(
  platform: GitPlatform,
  repo: RepoRef,
  want: PullRequestSpec,
  call: Call,
): Promise<PullRequestResult> {
  const spec = fitted(platform, want, call);
  const open = await platform.findOpenPullRequest(repo, spec, call);
  if (open !== undefined) return updateWhatDiffers(platform, open, spec, call);
  try {
    return result("created", await platform.createPullRequest(repo, spec, call));
  } catch (error) {
    if (!(error instanceof PlatformError && error.kind === "conflict")) throw error;
    // Another run was faster, between our look and our request.
    const theirs = await platform.findOpenPullRequest(repo, spec, call);
    if (theirs === undefined) throw error;
    return updateWhatDiffers(platform, theirs, spec, call);
  }
}

/**
 * Closes the open request of a branch, when there is one, because nothing is left to propose; a comment says why.
 * @returns undefined when none was open
 * @throws PlatformError
 */
export async function closePullRequest(
  platform: GitPlatform,
  repo: RepoRef,
  close: BranchPair & { readonly reason: string },
  call: Call,
): Promise<PullRequestResult | undefined> {
  const open = await platform.findOpenPullRequest(repo, close, call);
  if (open === undefined) return undefined;
  // The reason first: a request that is closed without one would never get it.
  await platform.comment(open, fitBody(close.reason, platform.limits.bodyLength), call);
  await platform.closePullRequest(open, call);
  return result("closed", open);
}

function fitted(platform: GitPlatform, want: PullRequestSpec, call: Call): PullRequestSpec {
  const { limits, can, id } = platform;
  const body = fitBody(want.body, limits.bodyLength);
  if (body !== want.body) {
    call.log.warn("pull request text cut to what the host takes", {
      operation: "host_request",
      host: id,
      limit: limits.bodyLength,
    });
  }
  if (want.draft === true && !can.draftPullRequest)
    call.log.warn("this host has no draft requests", { operation: "host_request", host: id });
  if ((want.labels ?? []).length > 0 && !can.labels)
    call.log.warn("this host has no labels", { operation: "host_request", host: id });
  return { ...want, title: fitTitle(want.title, limits.titleLength), body };
}

async function updateWhatDiffers(
  platform: GitPlatform,
  open: PullRequest,
  want: PullRequestSpec,
  call: Call,
): Promise<PullRequestResult> {
  const changes: PullRequestChanges = {
    ...(open.title === want.title ? {} : { title: want.title }),
    ...(comparable(open.body) === comparable(want.body) ? {} : { body: want.body }),
  };
  if (Object.keys(changes).length === 0) return result("unchanged", open);
  return result("updated", await platform.updatePullRequest(open, changes, call));
}

// Hosts write line ends their own way and drop those at the end.
function comparable(body: string): string {
  return body.replace(/\r\n?/g, "\n").trim();
}

function result(outcome: PullRequestResult["outcome"], { url, number }: PullRequest): PullRequestResult {
  return { outcome, pullRequest: { url, number } };
}
