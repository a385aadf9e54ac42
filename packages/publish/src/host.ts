import {
  closePullRequest,
  ensurePullRequest,
  holdAutoMerge,
  leavePullRequest,
  type PreparedHost,
  type PullRequestResult,
  type PullRequestWish,
} from "@kubeferry/git-platform";
import { count } from "@kubeferry/layout";
import type { Call, ValidationSummary } from "@kubeferry/model";
import type { GitOpsConfig } from "@kubeferry/shared-config";
import type { RequestText } from "./wording.ts";

/** The host's part of publishing. Without a platform in the configuration nothing is asked of any host. */
export interface Host {
  /** Characters of a request's text that people see without looking for comments; 0 where there is no request. */
  readonly longestText: number;
  /** Keeps the host from merging a branch's open request by itself: before anything is pushed that removes. */
  hold(branch: string, call: Call): Promise<void>;
  /** Opens the request of a branch whose newest commit this run pushed, or brings it up to date. */
  propose(branch: string, proposal: Proposal, call: Call): Promise<PullRequestResult | undefined>;
  /** The request of a branch that already holds what is wanted; its text stays, people may have added to it. */
  leave(branch: string, proposal: Proposal, call: Call): Promise<PullRequestResult | undefined>;
  /** Whether a branch has an open request. */
  isProposed(branch: string, call: Call): Promise<boolean>;
  /** Closes the request of a branch, with the reason as a comment. */
  withdraw(branch: string, reason: string, call: Call): Promise<PullRequestResult | undefined>;
  /** Comments on the open request of a branch, when there is one. */
  tell(branch: string, text: string, call: Call): Promise<void>;
}

/** What a request is about. */
export interface Proposal {
  readonly text: RequestText;
  /** The branch's newest commit. */
  readonly commit: string;
  /** Whether merging it removes any file. */
  readonly removes: boolean;
  readonly validation: ValidationSummary;
}

/** The commit status that says what validation found; a rule of the branch may ask for it. */
export const STATUS_CONTEXT = "kubeferry/validation";

/** A host as it was found at the beginning of the run. */
export function createHost(host: PreparedHost, gitops: Pick<GitOpsConfig, "repository" | "pullRequest">): Host {
  const to = gitops.repository.base;
  return {
    longestText: host.platform.limits.bodyLength,
    hold: (from, call) => holdAutoMerge(host, { from, to }, call),
    propose: (from, proposal, call) =>
      ensurePullRequest(host, { ...wishFor(proposal, gitops), from, to, pushed: true }, call),
    leave: (from, proposal, call) =>
      leavePullRequest(host, { ...wishFor(proposal, gitops), from, to, pushed: false }, call),
    isProposed: async (from, call) =>
      (await host.platform.findOpenPullRequest(host.repo, { from, to }, call)) !== undefined,
    withdraw: (from, reason, call) => closePullRequest(host, { from, to, reason }, call),
    async tell(from, text, call) {
      const open = await host.platform.findOpenPullRequest(host.repo, { from, to }, call);
      if (open !== undefined) await host.platform.comment(open, text, call);
    },
  };
}

/** Where no platform is configured. */
export const withoutHost: Host = {
  longestText: 0,
  hold: async () => undefined,
  propose: async () => undefined,
  leave: async () => undefined,
  isProposed: async () => false,
  withdraw: async () => undefined,
  tell: async () => undefined,
};

function wishFor(
  { text, commit, removes, validation }: Proposal,
  { pullRequest }: Pick<GitOpsConfig, "pullRequest">,
): Omit<PullRequestWish, "from" | "to" | "pushed"> {
  const { labels = [], reviewers = [], teamReviewers = [], assignees = [], milestone, draft } = pullRequest;
  const { autoMerge, status } = pullRequest;
  return {
    ...text,
    draft,
    additions: { labels, reviewers, teamReviewers, assignees, milestone },
    commit,
    removes,
    autoMerge: autoMerge === "off" ? undefined : autoMerge,
    status: status ? statusOf(validation) : undefined,
  };
}

function statusOf({ errors, warnings }: ValidationSummary): PullRequestWish["status"] {
  return {
    context: STATUS_CONTEXT,
    state: errors > 0 ? "failure" : "success",
    description: `${count(errors, "error")}, ${count(warnings, "warning")}`,
  };
}
