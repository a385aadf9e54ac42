import type { CommandModule } from "yargs";
import type { Finish } from "../exit-code.ts";
import { type CommonArguments, commonOptions } from "./options.ts";

/** `kubeferry backup`: stage 1. */
export function backupCommand(finish: Finish): CommandModule<object, CommonArguments> {
  return {
    command: "backup",
    describe: "Take a snapshot of the cluster and bring the mirror up to it",
    builder: (args) => args.options(commonOptions) as never,
    handler: async (args) => {
      const { runStages } = await import("../stages/run-stages.ts");
      finish(await runStages({ ...args, stages: ["backup"], allowRemovals: false }));
    },
  };
}
