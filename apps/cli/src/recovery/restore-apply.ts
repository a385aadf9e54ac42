import { type Call, KubeferryError } from "@kubeferry/model";
import { applyRestore, planRestore, type RestorePlan, readPlanFile } from "@kubeferry/recovery";
import type { Config } from "@kubeferry/shared-config";
import type { Snapshot } from "@kubeferry/snapshot";
import type { RestoreArguments } from "../commands/restore-options.ts";
import { codeOf } from "../exit-code.ts";
import { print, printJson } from "../present/print.ts";
import { reportProblem } from "../present/problem.ts";
import type { ClusterSnapshots } from "../snapshots/find-cluster.ts";
import { snapshotOf } from "../snapshots/moment.ts";
import { withSnapshots } from "../snapshots/with-snapshots.ts";
import { toolVersion } from "../version.ts";
import { connectTarget } from "./connect-target.ts";
import { restoreReportText } from "./restore-report-text.ts";
import { restoreSettings } from "./restore-settings.ts";

/** What `kubeferry restore apply` is asked. */
export interface RestoreApplyArguments extends RestoreArguments {
  readonly plan?: string;
  readonly yes: boolean;
}

/** "usage": neither a plan nor the word that none is wanted, or both. */
class ApplyError extends KubeferryError<"usage"> {}

/** Carries out a restore and prints what it did. @returns 1 when something that is meant was not written */
export async function restoreApply(args: RestoreApplyArguments): Promise<number> {
  let plan: RestorePlan | undefined;
  try {
    plan = await givenPlan(args);
  } catch (error) {
    return reportProblem(error, undefined);
  }
  const cluster = args.cluster ?? plan?.source.cluster;
  return withSnapshots({ ...args, ...(cluster === undefined ? {} : { cluster }) }, async (found, call, config) => {
    const { kube, writer } = await connectTarget(config, args);
    try {
      const { restore } = config.recovery;
      const snapshot = await chosen(found, { args, plan, config }, call);
      const run = { kube, writer, clean: config.clean, concurrency: restore.concurrency, now: () => new Date() };
      const settings = restoreSettings(restore, args);
      const planned =
        plan ??
        (await planRestore({ ...run, snapshot, store: found.root, settings, toolVersion: toolVersion() }, call));
      const { waitTimeoutMs } = restore;
      const report = await applyRestore({ ...run, snapshot, plan: planned, waitTimeoutMs }, call);
      if (args.output === "json") printJson(report);
      else print(restoreReportText(report));
      return codeOf(report.status);
    } finally {
      await kube.close();
    }
  });
}

async function givenPlan(args: RestoreApplyArguments): Promise<RestorePlan | undefined> {
  const parts = { kind: "usage", who: "kubeferry", operation: "restore apply" } as const;
  if (args.plan === undefined) {
    if (args.yes) return undefined;
    const problem = "no plan is named, and --yes is not given";
    const next = "write one with `kubeferry restore plan --out FILE` and read it, or add --yes";
    throw new ApplyError({ ...parts, problem, next });
  }
  const besides = optionsBesides(args);
  if (besides.length > 0) {
    const problem = `the plan says what is restored; ${besides.join(", ")} would change nothing of it`;
    throw new ApplyError({ ...parts, problem, next: "leave that out, or make another plan with it" });
  }
  return readPlanFile(args.plan);
}

/** Options that only a plan in the making listens to. */
function optionsBesides(args: RestoreApplyArguments): string[] {
  const given: readonly (readonly [string, boolean])[] = [
    ["--at", args.at !== "latest"],
    ["--conflicts", args.conflicts !== undefined],
    ["--map-namespace", args.mapNamespace.length > 0],
    ["--map-storage-class", args.mapStorageClass.length > 0],
    ["--prune", args.prune.length > 0],
    ["--prune-crds", args.pruneCrds],
    ["--prune-persistent-volumes", args.prunePersistentVolumes],
    ["--prune-foreign-finalizers", args.pruneForeignFinalizers],
    ["--include-namespaces", args.includeNamespaces.length > 0],
    ["--exclude-namespaces", args.excludeNamespaces.length > 0],
    ["--include-resources", args.includeResources.length > 0],
    ["--exclude-resources", args.excludeResources.length > 0],
    ["--include-names", args.includeNames.length > 0],
    ["--exclude-names", args.excludeNames.length > 0],
    ["--include-cluster-resources", args.includeClusterResources !== undefined],
    ["--selector", args.selector !== undefined],
    ["--yes", args.yes],
  ];
  return given.filter(([, isGiven]) => isGiven).map(([option]) => option);
}

interface Choice {
  readonly args: RestoreApplyArguments;
  readonly plan: RestorePlan | undefined;
  readonly config: Config;
}

async function chosen({ series }: ClusterSnapshots, { args, plan, config }: Choice, call: Call): Promise<Snapshot> {
  if (plan === undefined) return snapshotOf(series, args.at, call);
  if (plan.source.series === config.backup.series) return series.at(plan.source.sequence, call);
  throw new ApplyError({
    kind: "usage",
    who: "kubeferry",
    operation: `restore apply ${args.plan}`,
    problem: `the plan is of series ${plan.source.series}, and backup.series is ${config.backup.series}`,
    next: `set backup.series to ${plan.source.series}`,
  });
}
