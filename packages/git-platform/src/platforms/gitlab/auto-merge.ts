import { setTimeout as sleep } from "node:timers/promises";
import type { Call } from "@kubeferry/model";
import type { MergeMethod, PullRequest } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import type { GitLabClient } from "./client.ts";
import { projectId, readMergeRequest, requestName } from "./merge-requests.ts";
import { type GitLabMergeRequest, GitLabProject } from "./schema.ts";
import { type GitLabVersion, isAtLeast } from "./version.ts";

/** While GitLab still works out whether a request can be merged, it refuses to. */
const UNDECIDED: ReadonlySet<string> = new Set(["unchecked", "checking", "preparing", "approvals_syncing"]);

/** How long that is waited for, look by look: it follows a push within seconds. */
const WAITS_MS = [250, 750, 1_500, 3_000];

/**
 * Has GitLab merge the request once its rules are met, and delete its branch. In a project with merge trains it boards
 * the train then.
 * @throws PlatformError "invalid" where the project or its version does not merge so
 */
export async function enableAutoMerge(
  client: GitLabClient,
  open: PullRequest,
  how: { readonly method: MergeMethod; readonly commit: string; readonly version: GitLabVersion },
  call: Call,
): Promise<void> {
  const operation = `set merge request ${requestName(open)} to merge by itself`;
  const { requests } = client;
  const made = requests.projects.show(projectId(open.repo));
  const squash = squashWanted(await client.json(made, { operation, answer: GitLabProject }, call), how, operation);
  const now = await settled(client, open, { operation, commit: how.commit }, call);
  if (now.merge_when_pipeline_succeeds === true) return;
  const when = isAtLeast(how.version, 17, 11) ? { autoMerge: true } : { mergeWhenPipelineSucceeds: true };
  const wanted = { ...when, ...squash, sha: how.commit, shouldRemoveSourceBranch: true };
  await client.done(requests.mergeRequests.merge(projectId(open.repo), open.number, wanted), { operation }, call);
}

/**
 * Takes auto-merge back, and looks whether it is: some versions answer a refusal as a success.
 * @throws PlatformError "conflict" when it is still set afterwards
 */
export async function cancelAutoMerge(client: GitLabClient, open: PullRequest, call: Call): Promise<void> {
  const operation = `keep merge request ${requestName(open)} from merging by itself`;
  if (!(await isSet(client, open, operation, call))) return;
  const made = client.requests.mergeRequests.cancelOnPipelineSuccess(projectId(open.repo), open.number);
  try {
    await client.done(made, { operation }, call);
  } catch (error) {
    // Not set any more, say some versions so; the look below decides.
    if (!(error instanceof PlatformError && error.status === 406)) throw error;
  }
  if (!(await isSet(client, open, operation, call))) return;
  throw new PlatformError({
    kind: "conflict",
    who: "gitlab",
    operation,
    problem: "it is still set to merge by itself",
    next: "take auto-merge back by hand, then run again",
  });
}

async function isSet(client: GitLabClient, open: PullRequest, operation: string, call: Call): Promise<boolean> {
  return (await readMergeRequest(client, open, operation, call)).merge_when_pipeline_succeeds === true;
}

// The host follows a push after a moment; until then it knows the commit before.
async function settled(
  client: GitLabClient,
  open: PullRequest,
  at: { readonly operation: string; readonly commit: string },
  call: Call,
): Promise<GitLabMergeRequest> {
  for (const waitMs of WAITS_MS) {
    const now = await readMergeRequest(client, open, at.operation, call);
    if (now.sha === at.commit && !UNDECIDED.has(now.detailed_merge_status ?? "")) return now;
    await sleep(waitMs, undefined, { signal: call.signal }).catch(() => call.signal.throwIfAborted());
  }
  return readMergeRequest(client, open, at.operation, call);
}

// GitLab has one way of merging a project; a request can only choose to squash.
function squashWanted(
  project: GitLabProject,
  { method, version }: { readonly method: MergeMethod; readonly version: GitLabVersion },
  operation: string,
): { readonly squash?: boolean } {
  const refuse = (problem: string) => {
    const next = "set pullRequest.autoMerge to default, or change the project's merge method";
    return new PlatformError({ kind: "invalid", who: "gitlab", operation, problem, next });
  };
  if (project.merge_trains_enabled === true && !isAtLeast(version, 17, 11)) {
    throw refuse("the project has merge trains, which the API boards since GitLab 17.11 only");
  }
  switch (method) {
    case "default":
      return {};
    case "squash":
      if (project.squash_option === "never") throw refuse("the project does not allow squashing");
      return { squash: true };
    case "merge":
    case "rebase": {
      if (project.squash_option === "always") throw refuse("the project always squashes");
      const fastForward = project.merge_method === "ff";
      if (fastForward !== (method === "rebase")) throw refuse(`the project does not merge by ${method}`);
      return { squash: false };
    }
    default:
      return method satisfies never;
  }
}
