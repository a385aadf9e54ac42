export { type Capabilities, missingCapabilities, type Wishes } from "./capabilities.ts";
export type {
  AppCredentials,
  GitLogin,
  OpenedAdapter,
  PlatformDriver,
  PlatformOptions,
  RepoAddress,
} from "./driver.ts";
export { holdAutoMerge } from "./ensure/auto-merge.ts";
export type { PreparedHost, PullRequestResult, PullRequestWish } from "./ensure/wish.ts";
export { closePullRequest, ensurePullRequest } from "./ensure-pull-request.ts";
export { createForgeHttp, type ForgeHttp, type ForgeHttpOptions } from "./http/forge-http.ts";
export { leavePullRequest } from "./leave-pull-request.ts";
export { type OpenedPlatform, type OpenPlatformOptions, openPlatform } from "./open-platform.ts";
export type {
  BranchPair,
  BranchRules,
  Comment,
  CommitStatus,
  GitPlatform,
  HostInfo,
  MergeMethod,
  NotAdded,
  PlatformId,
  PullRequest,
  PullRequestAdditions,
  PullRequestChanges,
  PullRequestSpec,
  RepoRef,
  Repository,
} from "./platform.ts";
export { PlatformError, type PlatformErrorKind } from "./platform-error.ts";
export { parseRepoUrl, platformIds } from "./registry.ts";
