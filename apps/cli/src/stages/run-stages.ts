import type { Announcer } from "@kubeferry/backup";
import type { BackupReport, GitOpsReport } from "@kubeferry/model";
import { pickClusters } from "../compose/pick-clusters.ts";
import { openSession, type Session } from "../compose/session.ts";
import { codeOf } from "../exit-code.ts";
import { openMetrics, type ServedMetrics } from "../metrics/open-metrics.ts";
import { print, printJson } from "../present/print.ts";
import { problemText, reportProblem } from "../present/problem.ts";
import { describeBackup, describeGitOps } from "../present/reports.ts";
import { afterBackup, announcerFor, withAnnounced } from "./announced.ts";
import { backupStage } from "./backup-stage.ts";
import { failedBackup, failedGitOps } from "./failed-reports.ts";
import { gitopsAsked } from "./gitops-asked.ts";
import { gitopsStage } from "./gitops-stage.ts";
import { runMany } from "./run-many.ts";
import { sayEnded } from "./say-ended.ts";
import type { StageArguments } from "./stage-arguments.ts";

/** Runs one stage or both, over every cluster, prints the reports, and says what the process is to end with. */
export async function runStages(asked: StageArguments): Promise<number> {
  const done: Done = { backup: null, gitops: null };
  let args = asked;
  let session: Session | undefined;
  let metrics: ServedMetrics | undefined;
  let announcer: Announcer | undefined;
  try {
    session = await openSession(withKeys(args), args.stages.length === 1 ? `${args.stages[0]}` : "run");
    for (const setting of session.warnings)
      session.call.log.warn("look at the configuration", { operation: "config", setting });
    for (const notice of session.notices) session.call.log.info("old key not used", { operation: "config", notice });
    args = withAnnounced(asked, session.config);
    const picked = pickClusters(session.clusters, args.cluster);
    const [config = session.config, ...others] = picked;
    if (others.length > 0 && args.stages.includes("backup")) return await runMany(args, session, picked);
    if (others.length === 0) session = { ...session, config };
    metrics = await openMetrics(config.metrics, session.call);
    if (args.stages.includes("backup")) {
      announcer = await announcerFor(args, config);
      done.backup = await backupStage(session, { recorder: metrics.recorder(config, session.call), announcer });
    }
    if (args.stages.includes("gitops")) {
      const recorder = metrics.gitops(session.config, session.call, { pushes: true });
      done.gitops = await gitopsStage(session, gitopsAsked(args, session), { recorder });
    }
    present(args, done);
    const stoppedBy = session.stoppedBy();
    const backup = codeOf(done.backup?.status ?? "complete", stoppedBy);
    return Math.max(backup, afterBackup(args, codeOf(done.gitops?.status ?? "complete", stoppedBy)));
  } catch (error) {
    if (done.backup !== null || args.output === "json") present(args, done, { error, session });
    return endEarly(args, done, error, session);
  } finally {
    await announcer?.close();
    await metrics?.close();
    await session?.close();
  }
}

/** Flags as the keys that they stand for, so that they are checked with the rest of the configuration. */
function withKeys({ mode, verify, ...args }: StageArguments): StageArguments {
  const keys = [
    ...(mode === undefined ? [] : [`gitops.mode=${mode}`]),
    ...(verify === undefined ? [] : [`gitops.verify=${verify}`]),
  ];
  return { ...args, set: [...args.set, ...keys] };
}

function endEarly(args: StageArguments, done: Done, error: unknown, session: Session | undefined): number {
  if (session === undefined) return reportProblem(error, undefined);
  const component = done.backup === null && args.stages.includes("backup") ? "backup" : "gitops";
  const code = sayEnded(session, component, error, session.stoppedBy());
  return component === "gitops" ? afterBackup(args, code) : code;
}

interface Done {
  backup: BackupReport | null;
  gitops: GitOpsReport | null;
}

function present(
  args: StageArguments,
  done: Done,
  failure?: { readonly error: unknown; readonly session: Session | undefined },
): void {
  if (args.output === "text") {
    if (done.backup !== null) print(describeBackup(done.backup));
    if (done.gitops !== null) print(describeGitOps(done.gitops));
    return;
  }
  const failed = failure === undefined ? {} : { error: problemText(failure.error, failure.session?.stoppedBy()) };
  const [only, second] = args.stages;
  if (second !== undefined) printJson({ ...done, ...failed });
  else if (only === "backup") printJson(done.backup ?? { ...failedBackup(failure?.session), ...failed });
  else printJson(done.gitops ?? { ...failedGitOps(failure?.session, failure?.error), ...failed });
}
