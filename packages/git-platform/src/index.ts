export type { PlatformDriver, PlatformOptions, RepoAddress } from "./driver.ts";
export { closePullRequest, ensurePullRequest, type PullRequestResult } from "./ensure-pull-request.ts";
export { type OpenedPlatform, type OpenPlatformOptions, openPlatform } from "./open-platform.ts";
export type {
  BranchPair,
  GitPlatform,
  PlatformId,
  PullRequest,
  PullRequestChanges,
  PullRequestSpec,
  RepoRef,
  Repository,
} from "./platform.ts";
export { PlatformError, type PlatformErrorKind } from "./platform-error.ts";
export { parseRepoUrl, platformIds } from "./registry.ts";
