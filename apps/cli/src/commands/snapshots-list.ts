import type { CommandModule } from "yargs";
import type { Finish } from "../exit-code.ts";
import { type CommonArguments, commonOptions } from "./options.ts";
import { type SnapshotArguments, snapshotOptions } from "./snapshot-options.ts";

/** `kubeferry snapshots list`. */
export function snapshotsListCommand(finish: Finish): CommandModule<object, CommonArguments & SnapshotArguments> {
  return {
    command: "list",
    describe: "List the snapshots of the cluster, oldest first",
    builder: (args) => args.options({ ...commonOptions, ...snapshotOptions }) as never,
    handler: async (args) => {
      const { listSnapshots } = await import("../snapshots/list.ts");
      finish(await listSnapshots(args));
    },
  };
}
