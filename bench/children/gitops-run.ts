// A run of stage 2, from the configuration to its report.
import { runGitOps } from "@kubeferry/gitops";
import { loadConfig } from "@kubeferry/shared-config";
import { argument, report } from "../frame/child.ts";
import type { GitOpsFleet } from "../gitops-fleet.ts";
import { benchCall, openStoreOf } from "../stored-snapshot.ts";

const { file, env } = argument<GitOpsFleet>();
const { config } = await loadConfig({ files: [file], env });
const store = await openStoreOf(file, env);

await report(async () => {
  const asked = { allowRemovals: false, runId: "bench", toolVersion: "bench" };
  const generated = { objects: 0 };
  const observer = {
    onSources: () => undefined,
    onGenerated: (objects: number) => {
      generated.objects = objects;
    },
  };
  const { files } = await runGitOps({ ...asked, config, store, observer }, benchCall);
  return { ...generated, "files written": files.written + files.changed };
});
