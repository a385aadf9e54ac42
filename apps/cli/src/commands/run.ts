import type { PublishMode } from "@kubeferry/model";
import type { CommandModule } from "yargs";
import type { Finish } from "../exit-code.ts";
import {
  allowRemovalsOption,
  type ClusterArguments,
  clusterOption,
  commonOptions,
  modeOption,
  verifyOption,
} from "./options.ts";

type RunArguments = ClusterArguments & {
  readonly allowRemovals: boolean;
  readonly verify?: boolean;
  readonly mode?: PublishMode;
};

/** `kubeferry run`: both stages, one after the other. */
export function runCommand(finish: Finish): CommandModule<object, RunArguments> {
  return {
    command: "run",
    describe: "Backup, then gitops",
    builder: (args) =>
      args.options({
        ...commonOptions,
        cluster: clusterOption,
        "allow-removals": allowRemovalsOption,
        verify: verifyOption,
        mode: modeOption,
      }) as never,
    handler: async (args) => {
      const { runStages } = await import("../stages/run-stages.ts");
      finish(await runStages({ ...args, stages: ["backup", "gitops"] }));
    },
  };
}
