import { createHash } from "node:crypto";
import type { BackupReport, GitOpsReport } from "@kubeferry/model";
import type { Notification } from "@kubeferry/notify";
import type { Config } from "@kubeferry/shared-config";
import { clusterLabel } from "../compose/pick-clusters.ts";
import type { Session } from "../compose/session.ts";
import { repositoryLabel } from "../metrics/repository-label.ts";
import { newsOfBackup } from "./news-of-backup.ts";
import { isOvertaken, newsOfError } from "./news-of-error.ts";
import { newsOfGitOps } from "./news-of-gitops.ts";

/** What is told with, and of which run. */
type Run = Pick<Session, "telling" | "config" | "call" | "runId">;

/**
 * Does a backup, and tells of its end. One that is told to stop tells nothing, and one that another run overtook is no
 * failure.
 * @param work calls `onCluster` with "domain/name" as soon as that is known
 */
export async function toldBackup(
  run: Run,
  work: (onCluster: (cluster: string) => void) => Promise<BackupReport>,
): Promise<BackupReport> {
  const known = { cluster: configuredCluster(run.config) };
  const subject = () => ({
    component: "backup" as const,
    target: seriesOf(known.cluster ?? clusterLabel(run.config), run.config),
  });
  try {
    const report = await work((cluster) => {
      known.cluster = cluster;
    });
    const news = newsOfBackup(report, subject().target);
    if (news !== undefined) await tell(run, subject(), news, await keyOf(run.config, known.cluster));
    return report;
  } catch (error) {
    if (!run.call.signal.aborted && !isOvertaken(error)) {
      const title = `backup of ${subject().target} failed`;
      await tell(run, subject(), { ...newsOfError(error), title }, await keyOf(run.config, known.cluster));
    }
    throw error;
  }
}

/** The same for stage 2; a dry run is of interest to whoever looks at it. */
export async function toldGitOps(run: Run, isDry: boolean, work: () => Promise<GitOpsReport>): Promise<GitOpsReport> {
  const { gitops } = run.config;
  const target = gitops === undefined ? "" : repositoryLabel(gitops);
  const subject = { component: "gitops", target } as const;
  const key = `_notifications/${createHash("sha256").update(target).digest("hex")}.json`;
  try {
    const report = await work();
    const news = report.mode === "dry-run" ? undefined : newsOfGitOps(report, target);
    if (news !== undefined) await tell(run, subject, news, key);
    return report;
  } catch (error) {
    if (!run.call.signal.aborted && !isDry && !isOvertaken(error))
      await tell(run, subject, { ...newsOfError(error), title: `gitops of ${target} failed` }, key);
    throw error;
  }
}

async function tell(
  { telling, config, call, runId }: Run,
  subject: Notification["subject"],
  news: Omit<Notification, "subject" | "runId" | "traceId">,
  key: string | undefined,
): Promise<void> {
  await telling.tell({ ...news, subject, runId, traceId: call.span?.traceId ?? "" }, key, config, call);
}

/** Undefined while the cluster has to say itself what it is called. */
function configuredCluster({ cluster: { domain, name } }: Config): string | undefined {
  return domain === undefined || name === undefined ? undefined : `${domain}/${name}`;
}

function seriesOf(cluster: string, { backup: { series } }: Config): string {
  const named = cluster === "" ? "a cluster without a name" : cluster;
  return series === "default" ? named : `${named} (series ${series})`;
}

/** In the cluster's own root, where its key may write; undefined for a cluster that is not known. */
export async function keyOf({ layout }: Config, cluster: string | undefined): Promise<string | undefined> {
  const [domain, name] = cluster?.split("/") ?? [];
  if (domain === undefined || name === undefined) return undefined;
  const { clusterRoot } = await import("@kubeferry/snapshot");
  return `${clusterRoot(layout.root, { domain, name })}_notifications.json`;
}
