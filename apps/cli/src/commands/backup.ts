import type { CommandModule, Options } from "yargs";
import type { Finish } from "../exit-code.ts";
import { type ClusterArguments, clusterOption, commonOptions } from "./options.ts";

interface BackupArguments extends ClusterArguments {
  /** Undefined: a backup is taken. */
  readonly explain: string | undefined;
  readonly namespace: string | undefined;
}

/** `--explain`, alone or with an object. */
const explainOption = {
  type: "string",
  describe:
    "Take nothing; say for every type whether it would be taken and why, or for one object: deployments/web -n shop",
} as const satisfies Options;

const namespaceOption = {
  type: "string",
  alias: "n",
  requiresArg: true,
  describe: "The namespace of the object that --explain names",
} as const satisfies Options;

/** `kubeferry backup`: stage 1. */
export function backupCommand(finish: Finish): CommandModule<object, BackupArguments> {
  return {
    command: "backup",
    describe: "Take a snapshot of the cluster and bring the mirror up to it",
    builder: (args) =>
      args.options({
        ...commonOptions,
        cluster: clusterOption,
        explain: explainOption,
        namespace: namespaceOption,
      }) as never,
    handler: async ({ explain: object, ...args }) => {
      if (object !== undefined) {
        const { explain } = await import("../stages/explain.ts");
        return finish(await explain({ ...args, explain: object }));
      }
      const { runStages } = await import("../stages/run-stages.ts");
      finish(await runStages({ ...args, stages: ["backup"], allowRemovals: false }));
    },
  };
}
