import { applyRestore, planRestore, type RestoreSettings, renderPlan } from "@kubeferry/recovery";
import type { RestoreConfig } from "@kubeferry/shared-config";
import { codeOf, ExitCode } from "../exit-code.ts";
import { note, print, printJson } from "../present/print.ts";
import { snapshotOf } from "../snapshots/moment.ts";
import { withSnapshots } from "../snapshots/with-snapshots.ts";
import { toolVersion } from "../version.ts";
import { connectTarget } from "./connect-target.ts";
import { planText } from "./plan-text.ts";
import { restoreReportText } from "./restore-report-text.ts";
import type { RollbackArguments } from "./rollback.ts";

/** Restores namespaces as a snapshot has them, and removes what did not exist then: shown first, carried out with `--yes`. */
export function rollbackInCluster(args: RollbackArguments): Promise<number> {
  return withSnapshots(args, async ({ series, root }, call, config) => {
    const { restore } = config.recovery;
    const snapshot = await snapshotOf(series, args.to, call);
    const { kube, writer } = await connectTarget(config, args);
    try {
      const run = { kube, writer, clean: config.clean, concurrency: restore.concurrency, now: () => new Date() };
      const settings = settingsOf(restore, args);
      const plan = await planRestore({ ...run, snapshot, store: root, settings, toolVersion: toolVersion() }, call);
      if (!args.yes) {
        if (args.output === "json") print(renderPlan(plan));
        else print(planText(plan, { all: false }));
        note("nothing was changed; --yes carries it out");
        const isBlocked = plan.entries.some(({ action }) => action === "blocked");
        return isBlocked ? ExitCode.doneWithFailures : ExitCode.done;
      }
      if (args.output === "text") print(planText(plan, { all: false }));
      const report = await applyRestore({ ...run, snapshot, plan, waitTimeoutMs: restore.waitTimeoutMs }, call);
      if (args.output === "json") printJson(report);
      else print(restoreReportText(report));
      return codeOf(report.status);
    } finally {
      await kube.close();
    }
  });
}

/** As it was then: what differs is replaced, and what was not there goes, in these namespaces alone. */
function settingsOf(config: RestoreConfig, args: RollbackArguments): RestoreSettings {
  const { argoManaged, namespaces, storageClasses, images, patches, maxRemovals } = config;
  const any = { include: [], exclude: [] };
  return {
    conflicts: "replace",
    argoManaged,
    namespaces,
    storageClasses,
    images,
    patches,
    maxRemovals: args.allowRemovals ? { objects: 1_000_000, percent: 100 } : maxRemovals,
    filter: {
      namespaces: { include: args.namespace, exclude: [] },
      resources: any,
      names: any,
      clusterScoped: args.includeCluster,
    },
    prune: {
      namespaces: args.namespace,
      customResourceDefinitions: false,
      persistentVolumes: false,
      foreignFinalizers: false,
    },
  };
}
