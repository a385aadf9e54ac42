import { planRestore, renderPlan, writePlanFile } from "@kubeferry/recovery";
import type { RestoreArguments } from "../commands/restore-options.ts";
import { ExitCode } from "../exit-code.ts";
import { note, print } from "../present/print.ts";
import { snapshotOf } from "../snapshots/moment.ts";
import { withSnapshots } from "../snapshots/with-snapshots.ts";
import { toolVersion } from "../version.ts";
import { connectTarget } from "./connect-target.ts";
import { planText } from "./plan-text.ts";
import { restoreSettings } from "./restore-settings.ts";

/** What `kubeferry restore plan` is asked. */
export interface RestorePlanArguments extends RestoreArguments {
  readonly out?: string;
  readonly all: boolean;
}

/** Plans a restore and shows it. @returns 1 when something that is meant cannot be written */
export function restorePlan(args: RestorePlanArguments): Promise<number> {
  return withSnapshots(args, async ({ series, root }, call, config) => {
    const { restore } = config.recovery;
    const settings = restoreSettings(restore, args);
    const snapshot = await snapshotOf(series, args.at, call);
    const { kube, writer } = await connectTarget(config, args);
    try {
      const source = { snapshot, store: root, clean: config.clean };
      const run = { concurrency: restore.concurrency, toolVersion: toolVersion(), now: () => new Date() };
      const plan = await planRestore({ ...source, kube, writer, settings, ...run }, call);
      if (args.out !== undefined) await writePlanFile(args.out, plan);
      if (args.output === "json") print(renderPlan(plan));
      else print(planText(plan, { all: args.all }));
      if (args.out !== undefined)
        note(`written to ${args.out}; \`kubeferry restore apply ${args.out}\` carries it out`);
      const blocked = plan.entries.some(({ action }) => action === "blocked");
      return blocked ? ExitCode.doneWithFailures : ExitCode.done;
    } finally {
      await kube.close();
    }
  });
}
