import {
  type HostInfo,
  missingCapabilities,
  type OpenedPlatform,
  type Repository,
  type Wishes,
} from "@kubeferry/git-platform";
import { GitOpsError } from "@kubeferry/layout";
import type { Call } from "@kubeferry/model";
import type { GitOpsConfig } from "@kubeferry/shared-config";

/** The part of the configuration that the host hears of. */
type RequestSettings = Pick<GitOpsConfig, "pullRequest" | "repository">;

/** @throws GitOpsError "config" for a repository that takes no pushes or no requests */
export function checkHostRepository(
  { repo, archived, canPush, takesPullRequests }: Repository,
  mode: GitOpsConfig["mode"],
): void {
  const refuse = (problem: string, next: string): never => {
    const operation = `use repository ${repo.owner}/${repo.name}`;
    throw new GitOpsError({ kind: "config", who: "gitops", operation, problem, next });
  };
  if (archived) refuse("it is archived, and can only be read", "unarchive it, or set another gitops.repository.url");
  if (canPush === false)
    refuse("the token may not push to it", "give the token the right to write; docs/hosts.md names it for each host");
  if (mode === "pull-request" && !takesPullRequests)
    refuse("its pull requests are switched off", "switch them on in its settings, or set gitops.mode: push");
}

/** What is wished for and will not be had, and what a look at the rules of the base says of auto-merge; a sentence each. */
export async function hostWarnings(
  opened: OpenedPlatform,
  info: HostInfo,
  gitops: RequestSettings,
  call: Call,
): Promise<readonly string[]> {
  return [...missing(info, gitops), ...(await unguarded(opened, info, gitops, call))];
}

function missing({ product, can }: HostInfo, gitops: RequestSettings): readonly string[] {
  return missingCapabilities(can, wishesOf(gitops)).map(
    (what) => `${product} has no ${what}: what gitops.pullRequest says of that is left out`,
  );
}

function wishesOf({ pullRequest }: RequestSettings): Wishes {
  const { labels, reviewers, teamReviewers, assignees, milestone, draft, autoMerge, status } = pullRequest;
  const some = (names: readonly string[] | undefined) => (names ?? []).length > 0;
  return {
    draft,
    labels: some(labels),
    reviewers: some(reviewers),
    teamReviewers: some(teamReviewers),
    assignees: some(assignees),
    milestone: milestone !== undefined,
    autoMerge: autoMerge !== "off",
    commitStatus: status,
  };
}

/** Where no rule has to be met, a host merges by itself at once, before anybody could look. */
async function unguarded(
  { platform, repo }: OpenedPlatform,
  { can }: HostInfo,
  { pullRequest, repository }: RequestSettings,
  call: Call,
): Promise<readonly string[]> {
  if (pullRequest.autoMerge === "off" || !can.autoMerge) return [];
  const rules = await platform.getBranchRules(repo, repository.base, call);
  if (rules.protected !== false) return [];
  return [
    `no rule protects branch ${repository.base}: with gitops.pullRequest.autoMerge its requests are merged as soon as they are opened`,
  ];
}
