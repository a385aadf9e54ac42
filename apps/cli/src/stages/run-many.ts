import type { GitOpsReport } from "@kubeferry/model";
import type { Config } from "@kubeferry/shared-config";
import { clusterLabel } from "../compose/pick-clusters.ts";
import type { Session } from "../compose/session.ts";
import { codeOf, ExitCode } from "../exit-code.ts";
import { type Metrics, openMetrics } from "../metrics/open-metrics.ts";
import { print, printJson } from "../present/print.ts";
import { problemText } from "../present/problem.ts";
import { describeBackup, describeGitOps } from "../present/reports.ts";
import { afterBackup, announcerFor } from "./announced.ts";
import { backupClusters, type ClusterBackup } from "./backup-clusters.ts";
import { failedBackup, failedGitOps } from "./failed-reports.ts";
import { gitopsAsked } from "./gitops-asked.ts";
import { gitopsStage } from "./gitops-stage.ts";
import { sayEnded } from "./say-ended.ts";
import type { StageArguments } from "./stage-arguments.ts";

/**
 * Stage 1 of several clusters, then stage 2 once over all of them; a cluster that failed does not keep stage 2 from
 * reading what there is of it from before. Told to stop, it begins no further cluster, and no stage 2.
 * @returns the worst of all exit codes
 */
export async function runMany(args: StageArguments, session: Session, clusters: readonly Config[]): Promise<number> {
  const metrics = await openMetrics(session.config.metrics, session.call);
  const announcer = await announcerFor(args, session.config);
  try {
    const backups = await backupClusters(session, clusters, { metrics, announcer });
    const codes = backups.map(endOf);
    const someTaken = backups.some(({ report }) => report !== null);
    const goesOn = someTaken && !session.call.signal.aborted;
    const gitops = args.stages.includes("gitops") && goesOn ? await stage2(args, session, metrics) : null;
    if (args.output === "json") printJson(document(args, backups, gitops));
    else describe(backups, gitops);
    return Math.max(...codes, gitops?.code ?? ExitCode.done);
  } finally {
    await announcer?.close();
    await metrics.close();
  }
}

/** Says at once why a cluster failed. */
function endOf(backup: ClusterBackup): number {
  const { session, report } = backup;
  if (report !== null) return codeOf(report.status, session.stoppedBy());
  return sayEnded(session, "backup", backup.error, backup.stoppedBy);
}

interface Stage2 {
  readonly report: GitOpsReport;
  readonly code: number;
  readonly error?: unknown;
  readonly stoppedBy?: NodeJS.Signals | undefined;
}

async function stage2(args: StageArguments, session: Session, metrics: Metrics): Promise<Stage2> {
  try {
    const recorder = metrics.gitops(session.config, session.call, { pushes: true });
    const report = await gitopsStage(session, gitopsAsked(args, session), { recorder });
    return { report, code: afterBackup(args, codeOf(report.status, session.stoppedBy())) };
  } catch (error) {
    const stoppedBy = session.stoppedBy();
    const code = afterBackup(args, sayEnded(session, "gitops", error, stoppedBy));
    return { report: failedGitOps(session, error), code, error, stoppedBy };
  }
}

/** `{ clusters: [one report each], gitops }`: the second only where stage 2 was asked for. */
function document({ stages }: StageArguments, backups: readonly ClusterBackup[], gitops: Stage2 | null): object {
  const clusters = backups.map((backup) => {
    if (backup.report !== null) return backup.report;
    const { session, error, stoppedBy } = backup;
    const status = stoppedBy === undefined ? "failed" : "interrupted";
    return { ...failedBackup(session), status, error: problemText(error, stoppedBy) };
  });
  if (!stages.includes("gitops")) return { clusters };
  const failed = gitops?.error === undefined ? {} : { error: problemText(gitops.error, gitops.stoppedBy) };
  return { clusters, gitops: gitops && { ...gitops.report, ...failed } };
}

function describe(backups: readonly ClusterBackup[], gitops: Stage2 | null): void {
  for (const backup of backups) {
    if (backup.report !== null) print(describeBackup(backup.report));
    else {
      const how = backup.stoppedBy === undefined ? "failed" : "interrupted";
      print(`backup ${how}: ${clusterLabel(backup.session.config)}: ${problemText(backup.error, backup.stoppedBy)}`);
    }
  }
  if (gitops !== null && gitops.error === undefined) print(describeGitOps(gitops.report));
}
