import type { CommandModule } from "yargs";
import type { Finish } from "../exit-code.ts";
import type { PruneArguments } from "../snapshots/prune.ts";
import { commonOptions } from "./options.ts";
import { snapshotOptions } from "./snapshot-options.ts";

const dryRunOption = {
  type: "boolean",
  default: false,
  describe: "Remove nothing; say what would go, and why each snapshot stays",
} as const;

/** `kubeferry snapshots prune`. */
export function snapshotsPruneCommand(finish: Finish): CommandModule<object, PruneArguments> {
  return {
    command: "prune",
    describe: "Remove the snapshots that retention lets go, and the bytes that no snapshot names any more",
    builder: (args) => args.options({ ...commonOptions, ...snapshotOptions, "dry-run": dryRunOption }) as never,
    handler: async (args) => {
      const { pruneSnapshots } = await import("../snapshots/prune.ts");
      finish(await pruneSnapshots(args));
    },
  };
}
