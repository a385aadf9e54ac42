import type { Call } from "@kubeferry/model";
import type { Capabilities } from "./capabilities.ts";

/** The hosts that there is an adapter for. "gitea" serves Forgejo too, "bitbucket-server" Bitbucket Data Center. */
export type PlatformId = "github" | "gitlab" | "azure-devops" | "bitbucket-cloud" | "bitbucket-server" | "gitea";

/** A repository on its host. */
export interface RepoRef {
  /** User or organisation; nested groups as one path: "acme/platform"; Azure DevOps: the project. */
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

/** What a host says of itself to this token. */
export interface HostInfo {
  /** For people: "Gitea 1.26.0", "GitHub Enterprise Server 3.17.2", "GitHub". */
  readonly product: string;
  /** At its version; what a single repository switches off is in `Repository`. */
  readonly can: Capabilities;
  /** Who the token speaks for, as comments name their author; undefined where the host does not tell. */
  readonly user: string | undefined;
  /** What the token may do, in the host's words; undefined where the host does not tell. */
  readonly scopes: readonly string[] | undefined;
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
  /** Undefined where the host does not tell before a push. */
  readonly canPush: boolean | undefined;
  /** False when the repository has pull requests switched off. */
  readonly takesPullRequests: boolean;
}

/** What protects a branch, as far as this token may see it. */
export interface BranchRules {
  /** Whether any rule applies; undefined where the host does not tell this token. */
  readonly protected: boolean | undefined;
  /** Whether this token may push to it directly; undefined where the host does not tell. */
  readonly mayPush: boolean | undefined;
  /** Names of the commit statuses that must have succeeded before a merge. */
  readonly requiredStatuses: readonly string[];
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
  /** Names; empty on hosts without labels. */
  readonly labels: readonly string[];
}

/** A pull request to open. */
export interface PullRequestSpec extends BranchPair {
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  /** Only when it is opened: whether it is ready is people's decision afterwards. */
  readonly draft: boolean;
}

/** What to change of an open request; what is left out stays. */
export interface PullRequestChanges {
  readonly title?: string;
  readonly body?: string;
}

/** What belongs to a request beside its text. All by the names that people use on the host. */
export interface PullRequestAdditions {
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
  /** Teams or groups: "platform" of the repository's own organisation, or "acme/platform". */
  readonly teamReviewers: readonly string[];
  readonly assignees: readonly string[];
  readonly milestone: string | undefined;
}

/** Something that the host did not take; the request is as good without it. */
export interface NotAdded {
  readonly what: "label" | "reviewer" | "team" | "assignee" | "milestone";
  readonly name: string;
  /** Our words: "the repository has no such label". */
  readonly why: string;
}

/** A comment on a request. */
export interface Comment {
  readonly id: string;
  readonly text: string;
  /** As `HostInfo.user` names people; undefined for an author who is gone. */
  readonly author: string | undefined;
}

/** A verdict on a commit that the host shows on its request, and that a branch rule may require. */
export interface CommitStatus {
  /** Its name: "kubeferry/validation". One state a name and commit. */
  readonly context: string;
  readonly state: "success" | "failure";
  /** One line, at most `limits.statusLength`. */
  readonly description: string;
  /** Where people read more. */
  readonly url: string;
}

/** How a request is merged; "default" is what the repository or host does by itself. */
export type MergeMethod = "default" | "merge" | "squash" | "rebase";

/**
 * One Git host. Commits travel by git, alike for every host; a platform does only what git cannot. Decisions that are
 * the same everywhere are made above it (`ensurePullRequest`), where also the capabilities are looked at: what a host
 * cannot do is never asked of its adapter.
 *
 * Everything throws PlatformError: "denied" for a token that is not accepted or not allowed, "not-found" for a missing
 * or invisible repository, "rate-limited", "unavailable"; and the signal's reason when the call was aborted.
 */
export interface GitPlatform {
  /** Who speaks in errors and logs; a `PlatformId` for those that come with this package. */
  readonly id: string;
  /** The longest texts the host takes, in UTF-16 units. */
  readonly limits: Readonly<{ titleLength: number; bodyLength: number; commentLength: number; statusLength: number }>;

  /** Who the host is and what it can do; asked once, before a run. */
  getHost(call: Call): Promise<HostInfo>;

  getRepository(repo: RepoRef, call: Call): Promise<Repository>;

  /** @throws PlatformError "not-found" for a branch that does not exist */
  getBranchRules(repo: RepoRef, branch: string, call: Call): Promise<BranchRules>;

  /** The open request from -> to of branches of this repository, looked for on every page; undefined when there is none. */
  findOpenPullRequest(repo: RepoRef, branches: BranchPair, call: Call): Promise<PullRequest | undefined>;

  /** @throws PlatformError "conflict" when one is already open; "not-found" for a missing branch; "invalid" when the
   *   branches do not differ */
  createPullRequest(repo: RepoRef, want: PullRequestSpec, call: Call): Promise<PullRequest>;

  /** @returns the request as it is after the change */
  updatePullRequest(open: PullRequest, changes: PullRequestChanges, call: Call): Promise<PullRequest>;

  /**
   * Adds what the request does not have yet; takes nothing away that is there. One name that the host does not take
   * spoils no other.
   * @returns what was not added
   */
  addToPullRequest(open: PullRequest, add: PullRequestAdditions, call: Call): Promise<readonly NotAdded[]>;

  /** Closes without merging. The branch stays. */
  closePullRequest(open: PullRequest, call: Call): Promise<void>;

  /** Adds a comment. */
  comment(open: PullRequest, text: string, call: Call): Promise<void>;

  /** The comments on a request, those of people and ours, oldest first, from every page. */
  listComments(open: PullRequest, call: Call): AsyncIterable<Comment>;

  /** Replaces the text of a comment of ours. */
  updateComment(open: PullRequest, comment: Comment, text: string, call: Call): Promise<void>;

  /** The verdict of this name on a commit; undefined when there is none. */
  getCommitStatus(repo: RepoRef, commit: string, context: string, call: Call): Promise<CommitStatus | undefined>;

  /** Sets the verdict of a name on a commit; saying the same again is fine. */
  setCommitStatus(repo: RepoRef, commit: string, status: CommitStatus, call: Call): Promise<void>;

  /**
   * Has the host merge the request by itself once its rules are met, and delete its branch then. A request whose rules
   * are met already may be merged at once. One that is set so already is fine.
   * @param commit the newest commit of the request as it was pushed: a host that can, merges no other
   * @throws PlatformError "invalid" when the repository does not allow it, or not by this method
   */
  enableAutoMerge(
    open: PullRequest,
    how: { readonly method: MergeMethod; readonly commit: string },
    call: Call,
  ): Promise<void>;

  /** Takes that back; one that is not set so is fine. */
  cancelAutoMerge(open: PullRequest, call: Call): Promise<void>;

  /** Lets go of the connections. */
  close(): Promise<void>;
}
