import type { PlatformDriver, RepoAddress } from "./driver.ts";
import type { PlatformId } from "./platform.ts";
import { PlatformError } from "./platform-error.ts";

// An adapter that is not used is not loaded.
const DRIVERS: Readonly<Partial<Record<PlatformId, () => Promise<PlatformDriver>>>> = {
  github: async () => (await import("./platforms/github/github.ts")).githubDriver,
  "azure-devops": async () => (await import("./platforms/azure-devops/azure-devops.ts")).azureDevOpsDriver,
  gitlab: async () => (await import("./platforms/gitlab/gitlab.ts")).gitlabDriver,
  "bitbucket-cloud": async () => (await import("./platforms/bitbucket-cloud/bitbucket-cloud.ts")).bitbucketCloudDriver,
  "bitbucket-server": async () =>
    (await import("./platforms/bitbucket-server/bitbucket-server.ts")).bitbucketServerDriver,
  gitea: async () => (await import("./platforms/gitea/gitea.ts")).giteaDriver,
};

/** The ids that `repository.platform` may have. */
export const platformIds: readonly PlatformId[] = Object.keys(DRIVERS) as PlatformId[];

/** @throws PlatformError "invalid" for an id without an adapter, naming those there are */
export async function loadDriver(id: string): Promise<PlatformDriver> {
  const known = platformIds.find((candidate) => candidate === id);
  const load = known === undefined ? undefined : DRIVERS[known];
  if (load !== undefined) return load();
  throw new PlatformError({
    kind: "invalid",
    who: "git-platform",
    operation: `use platform ${JSON.stringify(id)}`,
    problem: `it is not supported; supported: ${platformIds.join(", ")} (gitea serves Forgejo too)`,
    next: "set repository.platform",
  });
}

/**
 * Reads where a repository's API is from the address that git uses, by the rules of its host.
 * @throws PlatformError "invalid" for an unknown platform or an address that is none
 */
export async function parseRepoUrl(url: string, platform: string): Promise<RepoAddress> {
  return (await loadDriver(platform)).parseRepoUrl(url);
}
