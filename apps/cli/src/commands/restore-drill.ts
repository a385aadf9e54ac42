import type { CommandModule, Options } from "yargs";
import type { Finish } from "../exit-code.ts";
import type { RestoreDrillArguments } from "../recovery/restore-drill.ts";
import { commonOptions } from "./options.ts";
import { targetOptions } from "./restore-options.ts";
import { momentOption, snapshotOptions } from "./snapshot-options.ts";

const drillOptions = {
  namespace: {
    type: "string",
    array: true,
    alias: "n",
    requiresArg: true,
    default: [] as string[],
    defaultDescription: "all but kube-* and openshift*",
    describe: "Rehearse this namespace of the snapshot, a name or a glob; may be given several times",
  },
  "namespace-prefix": {
    type: "string",
    requiresArg: true,
    default: "drill-",
    describe: "What the names of the namespaces begin with in the target",
  },
  workloads: {
    type: "boolean",
    default: false,
    describe: "Start Pods and Jobs and make disks, as a restore in earnest does",
  },
  keep: {
    type: "boolean",
    default: false,
    describe: "Leave what the drill made, and say what removes it",
  },
  "remove-leftovers": {
    type: "boolean",
    default: false,
    describe: "First remove what drills left that were killed less than 6 hours ago; older ones always go",
  },
} as const satisfies Record<string, Options>;

/** `kubeferry restore drill`. */
export function restoreDrillCommand(finish: Finish): CommandModule<object, RestoreDrillArguments> {
  return {
    command: "drill",
    describe: "Rehearse a restore under other names, compare, remove it again, and say how long it took",
    builder: (args) =>
      args.options({
        ...commonOptions,
        ...snapshotOptions,
        at: momentOption,
        ...targetOptions,
        ...drillOptions,
      }) as never,
    handler: async (args) => {
      const { restoreDrill } = await import("../recovery/restore-drill.ts");
      finish(await restoreDrill(args));
    },
  };
}
