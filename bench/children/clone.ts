// The limit `clone`: the repository of stage 2 as a run opens it, with what earlier runs kept of it.
import { openWorkTree } from "@kubeferry/git";
import { gitopsOf, loadConfig } from "@kubeferry/shared-config";
import { argument, report } from "../frame/child.ts";
import type { GitOpsFleet } from "../gitops-fleet.ts";
import { benchCall } from "../stored-snapshot.ts";

const { file, env } = argument<GitOpsFleet>();
const { config } = await loadConfig({ files: [file], env });
const { url, base, cacheFolder } = gitopsOf(config).repository;

await report(async () => {
  const cache = cacheFolder === undefined ? {} : { cacheFolder };
  const tree = await openWorkTree({ url, base, ...cache }, benchCall);
  const files = await tree.listFiles(tree.baseCommit, "", benchCall);
  await tree.close();
  return { files: files.length };
});
