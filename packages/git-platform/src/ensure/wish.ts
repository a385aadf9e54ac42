import type {
  CommitStatus,
  GitPlatform,
  HostInfo,
  MergeMethod,
  PullRequest,
  PullRequestAdditions,
  PullRequestSpec,
  RepoRef,
} from "../platform.ts";

/** A host as it is known once a run has begun. */
export interface PreparedHost {
  readonly platform: GitPlatform;
  readonly repo: RepoRef;
  /** From `platform.getHost`, asked for once a run. */
  readonly info: HostInfo;
}

/** The request that there should be, and all that belongs to it. */
export interface PullRequestWish extends PullRequestSpec {
  readonly additions: PullRequestAdditions;
  /** The newest commit of `from`. */
  readonly commit: string;
  /** Whether this run pushed it. */
  readonly pushed: boolean;
  /** True when merging removes anything: then it is never merged by itself. */
  readonly removes: boolean;
  /** How the host shall merge it by itself; undefined: not at all. */
  readonly autoMerge: MergeMethod | undefined;
  /** The verdict on `commit`; it links to the request. */
  readonly status: Omit<CommitStatus, "url"> | undefined;
}

/** What became of the request of a branch. */
export interface PullRequestResult {
  readonly outcome: "created" | "updated" | "unchanged" | "closed";
  readonly pullRequest: { readonly url: string; readonly number: number };
  /** What the host did not take beside it, a sentence each; logged already. */
  readonly warnings: readonly string[];
}

/** A request that is there, beside the one that is wanted. */
export interface Settling {
  readonly host: PreparedHost;
  readonly open: PullRequest;
  /** Whether this run opened it. */
  readonly created: boolean;
  readonly want: PullRequestWish;
}
