import type { GitOpsReport } from "@kubeferry/model";
import { openConfiguredStore } from "../compose/connect.ts";
import type { Session } from "../compose/session.ts";
import { toolVersion } from "../version.ts";

/** Stage 2 with what the configuration names. */
export async function gitopsStage({ config, call, runId }: Session, allowRemovals: boolean): Promise<GitOpsReport> {
  const { runGitOps } = await import("@kubeferry/gitops");
  const store = await openConfiguredStore(config);
  return runGitOps({ config, store, allowRemovals, runId, toolVersion: toolVersion() }, call);
}
