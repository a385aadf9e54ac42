import { closePullRequest, ensurePullRequest, openPlatform, type PullRequestResult } from "@kubeferry/git-platform";
import type { Call } from "@kubeferry/model";
import type { RepositoryConfig } from "@kubeferry/shared-config";

/** The host's part of publishing. Without a platform in the configuration nothing is asked of any host. */
export interface Host {
  /** Opens the request of a branch, or brings its text up to date. */
  propose(branch: string, text: RequestText, call: Call): Promise<PullRequestResult | undefined>;
  /** The request of a branch that already holds what is wanted; its text stays, people may have added to it. */
  leave(branch: string, text: RequestText, call: Call): Promise<PullRequestResult | undefined>;
  /** Closes the request of a branch, with the reason as a comment. */
  withdraw(branch: string, reason: string, call: Call): Promise<PullRequestResult | undefined>;
  /** Comments on the open request of a branch, when there is one. */
  tell(branch: string, text: string, call: Call): Promise<void>;
  close(): Promise<void>;
}

/** Title and Markdown of a request. */
export interface RequestText {
  readonly title: string;
  readonly body: string;
}

/** @throws PlatformError "invalid" for an address that cannot be one of this host */
export async function openHost(repository: RepositoryConfig): Promise<Host> {
  const { app: _app, ...access } = repository;
  if (access.platform === undefined) return withoutHost;
  const { platform, repo } = await openPlatform({ ...access, platform: access.platform });
  const to = repository.base;
  const propose = async (from: string, text: RequestText, call: Call) => {
    const info = await platform.getHost(call);
    return ensurePullRequest({ platform, repo, info }, { ...NOTHING_BESIDE, from, to, ...text }, call);
  };
  return {
    propose,
    async leave(from, text, call) {
      const open = await platform.findOpenPullRequest(repo, { from, to }, call);
      if (open === undefined) return propose(from, text, call);
      return { outcome: "unchanged", pullRequest: { url: open.url, number: open.number }, warnings: [] };
    },
    withdraw: (from, reason, call) => closePullRequest({ platform, repo }, { from, to, reason }, call),
    async tell(from, text, call) {
      const open = await platform.findOpenPullRequest(repo, { from, to }, call);
      if (open !== undefined) await platform.comment(open, text, call);
    },
    close: () => platform.close(),
  };
}

const NOTHING_BESIDE = {
  draft: false,
  additions: { labels: [], reviewers: [], teamReviewers: [], assignees: [], milestone: undefined },
  commit: "",
  pushed: false,
  removes: false,
  autoMerge: undefined,
  status: undefined,
} as const;

const withoutHost: Host = {
  propose: async () => undefined,
  leave: async () => undefined,
  withdraw: async () => undefined,
  tell: async () => undefined,
  close: async () => undefined,
};
