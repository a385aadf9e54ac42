import type { GitOpsOptions } from "@kubeferry/gitops";
import type { SourcePlace } from "@kubeferry/layout";
import type { GitOpsReport, Span } from "@kubeferry/model";
import type { ClusterRef, Config } from "@kubeferry/shared-config";
import { openConfiguredStore } from "../compose/connect.ts";
import { beginGitOpsSpan } from "../compose/gitops-span.ts";
import type { Session } from "../compose/session.ts";
import { toldGitOps } from "../notify/tell-ends.ts";
import { toolVersion } from "../version.ts";

/** What the command line asks of stage 2. */
type GitOpsAsked = Pick<GitOpsOptions, "allowRemovals" | "dryRun">;

/**
 * Stage 2 with what the configuration names; each source is read from the store of its own cluster.
 * @param onSpan told of the run's span, once there is one
 */
export async function gitopsStage(
  session: Session,
  asked: GitOpsAsked,
  onSpan?: (span: Span) => void,
): Promise<GitOpsReport> {
  const { config, call, runId } = session;
  const { runGitOps } = await import("@kubeferry/gitops");
  const beginSpan = (snapshots: readonly string[]) => {
    const span = beginGitOpsSpan(session, snapshots);
    onSpan?.(span);
    return span;
  };
  return toldGitOps(session, asked.dryRun !== undefined, async () => {
    const places = await gitopsPlaces(session);
    return runGitOps({ config, ...places, ...asked, runId, toolVersion: toolVersion(), beginSpan }, call);
  });
}

/** Where stage 2 finds snapshots: the store, and the stores of clusters that have their own. */
export async function gitopsPlaces({
  config,
  clusters,
}: Pick<Session, "config" | "clusters">): Promise<Required<Pick<GitOpsOptions, "store" | "placeOf">>> {
  const placeOf = async (cluster: ClusterRef): Promise<SourcePlace | undefined> => {
    const own = clusters.find((each) => isMeant(each, cluster));
    return own && { store: await openConfiguredStore(own), series: own.backup.series };
  };
  return { store: await openConfiguredStore(config), placeOf };
}

function isMeant({ cluster: { name, domain } }: Config, wanted: ClusterRef): boolean {
  return name === wanted.name && (domain === undefined || domain === wanted.domain);
}
