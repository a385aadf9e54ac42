import { type ArgoCd, type GitRollbackReport, openArgoCd, rollbackInGit } from "@kubeferry/recovery";
import { gitopsOf } from "@kubeferry/shared-config";
import { openConfiguredStore } from "../compose/connect.ts";
import { configOfOne } from "../compose/pick-clusters.ts";
import { openSession, type Session } from "../compose/session.ts";
import { ExitCode } from "../exit-code.ts";
import { print, printJson } from "../present/print.ts";
import { reportProblem } from "../present/problem.ts";
import { showProposal } from "../present/proposal.ts";
import { describeGitOps } from "../present/reports.ts";
import { findCluster } from "../snapshots/find-cluster.ts";
import { snapshotOf } from "../snapshots/moment.ts";
import { gitopsPlaces, verifyingPrograms } from "../stages/gitops-stage.ts";
import { toolVersion } from "../version.ts";
import { connectTarget } from "./connect-target.ts";
import { patienceOf } from "./patience.ts";
import type { RollbackArguments } from "./rollback.ts";

const DEFAULT_TIMEOUT = "10m";

/** Proposes an earlier snapshot in Git, and with `--sync` sees it through to the cluster. */
export async function rollbackThroughGit(args: RollbackArguments): Promise<number> {
  let session: Session | undefined;
  try {
    session = await openSession(args, "rollback");
    const { config, call, runId } = session;
    const ofCluster = configOfOne(session, args.cluster);
    const found = await findCluster(ofCluster, await openConfiguredStore(ofCluster), args.cluster, call);
    const { manifest } = await snapshotOf(found.series, args.to, call);
    const options = {
      config,
      ...(await gitopsPlaces(session)),
      cluster: found.named,
      sequence: manifest.sequence,
      only: { namespaces: args.namespace, clusterScoped: args.includeCluster },
      allowRemovals: args.allowRemovals,
      ...verifyingPrograms(),
      ...(args.dryRun ? { dryRun: showProposal(args.output) } : {}),
      runId,
      toolVersion: toolVersion(),
    };
    const report = args.sync
      ? await withArgoCd(args, session, (sync) => rollbackInGit({ ...options, sync }, call))
      : await rollbackInGit(options, call);
    const { sequence, finishedAt } = manifest;
    const snapshot = { cluster: found.cluster, sequence, finishedAt };
    if (args.output === "json")
      printJson({ stage: "rollback", via: "git", snapshot, ...report, merged: report.merged ?? null });
    else
      print(
        [`rollback of ${found.cluster} to snapshot ${sequence} of ${finishedAt}`, ...describe(report, args)].join("\n"),
      );
    if (report.git.status === "interrupted") return reportProblem(undefined, session.stoppedBy());
    return isDone(report, args) ? ExitCode.done : ExitCode.doneWithFailures;
  } catch (error) {
    return reportProblem(error, session?.stoppedBy());
  } finally {
    await session?.close();
  }
}

async function withArgoCd(
  args: RollbackArguments,
  { config }: Session,
  work: (sync: ArgoCd) => Promise<GitRollbackReport>,
): Promise<GitRollbackReport> {
  const patience = patienceOf(args.timeout ?? DEFAULT_TIMEOUT);
  const { namespace } = gitopsOf(config).argocd;
  const { kube, writer } = await connectTarget(config, args);
  try {
    return await work(openArgoCd({ kube, writer, namespace, patience }));
  } finally {
    await kube.close();
  }
}

function describe(
  { git, unknown, merged, applications }: GitRollbackReport,
  { sync, timeout = DEFAULT_TIMEOUT }: RollbackArguments,
): string[] {
  const lines = [
    describeGitOps(git),
    ...unknown.map(
      (name) =>
        `  not taken back: namespace ${name}: neither Git nor what gitops.namespaces adopts of the snapshot has it`,
    ),
  ];
  if (!sync) return lines;
  if (merged === undefined) {
    return [
      ...lines,
      `not merged within ${timeout}: nothing was synced; the same command goes on where this one ended`,
    ];
  }
  const apps = applications.map(({ name, outcome, sync: status, health, message }) => {
    const said =
      outcome === "missing" ? "Argo CD has no such Application" : `${status || "unknown"}, ${health || "unknown"}`;
    return `  ${outcome}: ${name}: ${said}${message === undefined ? "" : `; ${message}`}`;
  });
  const none = apps.length === 0 ? ["  no Application deploys it"] : [];
  return [...lines, `merged: ${merged.slice(0, 12)}`, ...apps, ...none];
}

function isDone({ git, unknown, merged, applications }: GitRollbackReport, { sync }: RollbackArguments): boolean {
  if (git.status !== "complete" || unknown.length > 0) return false;
  return !sync || (merged !== undefined && applications.every(({ outcome }) => outcome === "synced"));
}
