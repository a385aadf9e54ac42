import type { CommandModule } from "yargs";
import type { Finish } from "../exit-code.ts";
import { allowRemovalsOption, type ClusterArguments, clusterOption, commonOptions } from "./options.ts";

/** `kubeferry gitops`: stage 2. */
export function gitopsCommand(finish: Finish): CommandModule<object, ClusterArguments & { allowRemovals: boolean }> {
  return {
    command: "gitops",
    describe: "Bring the newest snapshot into the Git repository and open a pull request",
    builder: (args) =>
      args.options({ ...commonOptions, cluster: clusterOption, "allow-removals": allowRemovalsOption }) as never,
    handler: async (args) => {
      const { runStages } = await import("../stages/run-stages.ts");
      finish(await runStages({ ...args, stages: ["gitops"] }));
    },
  };
}
