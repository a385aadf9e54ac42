import { openWorkTree, type WorkTree } from "@kubeferry/git";
import type { OpenedPlatform } from "@kubeferry/git-platform";
import type { Call } from "@kubeferry/model";
import type { Config } from "@kubeferry/shared-config";
import { check, type Finding } from "./check.ts";
import { checkHost } from "./check-host.ts";

/**
 * The host, where one is named; clone, and a push that changes nothing. Without a `gitops` section there is nothing to
 * look at, and in mode `directory` neither.
 */
export async function checkRepository(config: Config, call: Call): Promise<Finding[]> {
  const { gitops } = config;
  if (gitops === undefined || gitops.mode === "directory") return [];
  const opened: { host?: OpenedPlatform } = {};
  const host = await check("host", "check gitops.repository: platform, url, token or app", async () => {
    const { platformOf } = await import("@kubeferry/publish");
    const found = await platformOf(gitops.repository);
    if (found !== undefined) opened.host = found;
    return found === undefined
      ? "none: gitops.repository.platform is not set, no request is opened"
      : found.platform.id;
  });
  if (!host.ok) return [host];
  try {
    const asked = opened.host === undefined ? [host] : await checkHost(opened.host, gitops, call);
    return [...asked, ...(await checkGit(gitops, opened.host, call))];
  } finally {
    await opened.host?.platform.close();
  }
}

async function checkGit(
  gitops: NonNullable<Config["gitops"]>,
  host: OpenedPlatform | undefined,
  call: Call,
): Promise<Finding[]> {
  const { repository, mode } = gitops;
  const opened: { tree?: WorkTree } = {};
  const clone = await check("repository: clone", "check gitops.repository.url, base and token", async () => {
    const { workTreeOptions } = await import("@kubeferry/publish");
    opened.tree = await openWorkTree(workTreeOptions(gitops, { gitLogin: host?.gitLogin }), call);
    return `${repository.url}, ${repository.base} at ${opened.tree.baseCommit.slice(0, 12)}`;
  });
  const { tree } = opened;
  if (tree === undefined) return [clone];
  try {
    const push = await check("repository: push", "give the token write access to the repository", async () => {
      const branch = mode === "push" ? repository.base : repository.branch;
      await tree.checkPush(branch, call);
      return `${branch} may be pushed (tried without changing anything)`;
    });
    return [clone, push];
  } finally {
    await tree.close();
  }
}
