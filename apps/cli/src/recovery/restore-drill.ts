import { randomBytes } from "node:crypto";
import { emitJson } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { runDrill } from "@kubeferry/recovery";
import type { CommonArguments } from "../commands/options.ts";
import type { TargetArguments } from "../commands/restore-options.ts";
import type { SnapshotArguments } from "../commands/snapshot-options.ts";
import { ExitCode } from "../exit-code.ts";
import { pushDrill } from "../metrics/push-drill.ts";
import { newsOfDrill } from "../notify/news-of-drill.ts";
import type { ToldAs } from "../notify/told-command.ts";
import { print, printRaw } from "../present/print.ts";
import { snapshotOf } from "../snapshots/moment.ts";
import { withSnapshots } from "../snapshots/with-snapshots.ts";
import { toolVersion } from "../version.ts";
import { connectTarget } from "./connect-target.ts";
import { drillText } from "./drill-text.ts";

/** What `kubeferry restore drill` is asked. */
export interface RestoreDrillArguments extends CommonArguments, SnapshotArguments, TargetArguments {
  readonly at: string;
  readonly namespace: readonly string[];
  readonly namespacePrefix: string;
  readonly workloads: boolean;
  readonly keep: boolean;
  readonly removeLeftovers: boolean;
}

/** Rehearses a restore and prints what it found. @returns 1 when something was not brought back, differs, or is left */
export function restoreDrill(args: RestoreDrillArguments): Promise<number> {
  return withSnapshots({ ...args, told: TOLD_AS }, async ({ series, root, cluster }, call, config, telling) => {
    const { restore } = config.recovery;
    const snapshot = await snapshotOf(series, args.at, call);
    const { kube, writer } = await connectTarget(config, args);
    try {
      const report = await runDrill(
        {
          snapshot,
          store: root,
          kube,
          writer,
          settings: restore,
          clean: config.clean,
          concurrency: restore.concurrency,
          waitTimeoutMs: restore.waitTimeoutMs,
          toolVersion: toolVersion(),
          now: () => new Date(),
          namespaces: args.namespace,
          prefix: args.namespacePrefix,
          keep: args.keep,
          workloads: args.workloads,
          removeLeftovers: args.removeLeftovers,
          random: randomBytes(3).toString("hex"),
        },
        call,
      );
      if (args.output === "json") printRaw(emitJson(report as unknown as JsonObject));
      else print(drillText(report));
      await pushDrill(report, config.metrics, call);
      await telling.ended(newsOfDrill(report, cluster));
      return report.status === "complete" ? ExitCode.done : ExitCode.doneWithFailures;
    } finally {
      await kube.close();
    }
  });
}

const TOLD_AS: ToldAs = { component: "drill", failed: (target) => `restore drill of ${target} failed` };
