import type { Call } from "@kubeferry/model";

/** The hosts that there is an adapter for. "gitea" serves Forgejo too. */
export type PlatformId = "gitea";

/** A repository on its host. */
export interface RepoRef {
  /** User or organisation; on hosts with nested groups the path of all of them. */
  readonly owner: string;
  readonly name: string;
}

/** Names of branches of one repository. */
export interface BranchPair {
  /** What the request proposes: "kubeferry/main". */
  readonly from: string;
  /** What it wants to be merged into: "main". */
  readonly to: string;
}

/** What a host says of a repository, and of the token's rights in it. */
export interface Repository {
  readonly repo: RepoRef;
  /** Where people look at it. */
  readonly url: string;
  readonly defaultBranch: string;
  /** True when nothing was ever pushed. */
  readonly empty: boolean;
  /** True when it can only be read. */
  readonly archived: boolean;
  readonly canPush: boolean;
  /** False when the repository has pull requests switched off. */
  readonly takesPullRequests: boolean;
}

/** A pull request (merge request) as the host has it. */
export interface PullRequest extends BranchPair {
  readonly repo: RepoRef;
  readonly number: number;
  readonly url: string;
  /** Without what the host writes before it to mark a draft. */
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
}

/** A pull request to open. */
export interface PullRequestSpec extends BranchPair {
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  /** Only when it is opened: whether it is ready is people's decision afterwards. */
  readonly draft?: boolean;
  /** Names, set only when it is opened. One that the repository does not know is left out with a warning. */
  readonly labels?: readonly string[];
}

/** What to change of an open request; what is left out stays. */
export interface PullRequestChanges {
  readonly title?: string;
  readonly body?: string;
}

/**
 * One Git host. Commits travel by git, alike for every host; a platform does only what git cannot. Decisions that are
 * the same everywhere are made above it (`ensurePullRequest`).
 *
 * Everything throws PlatformError: "denied" for a token that is not accepted or not allowed, "not-found" for a missing
 * or invisible repository, "rate-limited", "unavailable"; and the signal's reason when the call was aborted.
 */
export interface GitPlatform {
  readonly id: PlatformId;
  /** Read before a run starts, not during it. */
  readonly can: Readonly<{ draftPullRequest: boolean; labels: boolean }>;
  /** The longest texts the host takes, in UTF-16 units. */
  readonly limits: Readonly<{ titleLength: number; bodyLength: number }>;

  getRepository(repo: RepoRef, call: Call): Promise<Repository>;

  /** The open request from -> to of branches of this repository, looked for on every page; undefined when there is none. */
  findOpenPullRequest(repo: RepoRef, branches: BranchPair, call: Call): Promise<PullRequest | undefined>;

  /** @throws PlatformError "conflict" when one is already open; "not-found" for a missing branch; "invalid" when the
   *   branches do not differ */
  createPullRequest(repo: RepoRef, want: PullRequestSpec, call: Call): Promise<PullRequest>;

  /** @returns the request as it is after the change */
  updatePullRequest(open: PullRequest, changes: PullRequestChanges, call: Call): Promise<PullRequest>;

  /** Closes without merging. The branch stays. */
  closePullRequest(open: PullRequest, call: Call): Promise<void>;

  /** Adds a comment. */
  comment(open: PullRequest, text: string, call: Call): Promise<void>;

  /** Lets go of the connections. */
  close(): Promise<void>;
}
