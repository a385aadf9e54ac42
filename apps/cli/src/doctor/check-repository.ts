import { openWorkTree, type WorkTree } from "@kubeferry/git";
import type { Call } from "@kubeferry/model";
import type { Config } from "@kubeferry/shared-config";
import { check, type Finding } from "./check.ts";

/** Clone and a push that changes nothing. Without a `gitops` section there is nothing to look at. */
export async function checkRepository(config: Config, call: Call): Promise<Finding[]> {
  const repository = config.gitops?.repository;
  if (repository === undefined) return [];
  const opened: { tree?: WorkTree } = {};
  const clone = await check("repository: clone", "check gitops.repository.url, base and token", async () => {
    const { url, base, token, username = "x-access-token", caFile } = repository;
    const credentials = token === undefined ? {} : { credentials: { scheme: "basic", username, token } as const };
    opened.tree = await openWorkTree({ url, base, ...credentials, ...(caFile === undefined ? {} : { caFile }) }, call);
    return `${url}, ${base} at ${opened.tree.baseCommit.slice(0, 12)}`;
  });
  const { tree } = opened;
  if (tree === undefined) return [clone];
  try {
    const push = await check("repository: push", "give the token write access to the repository", async () => {
      await tree.checkPush(repository.branch, call);
      return `${repository.branch} may be pushed (tried without changing anything)`;
    });
    return [clone, push];
  } finally {
    await tree.close();
  }
}
