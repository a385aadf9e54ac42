import type { CommandModule } from "yargs";
import type { Finish } from "../exit-code.ts";
import { type CommonArguments, commonOptions } from "./options.ts";
import { type SnapshotArguments, sequencePositional, snapshotOptions } from "./snapshot-options.ts";

/** `kubeferry snapshots show`. */
export function snapshotsShowCommand(finish: Finish): CommandModule<object, CommonArguments & SnapshotArguments> {
  return {
    command: "show [sequence]",
    describe: "Show what one snapshot holds",
    builder: (args) =>
      args.positional("sequence", sequencePositional).options({ ...commonOptions, ...snapshotOptions }) as never,
    handler: async (args) => {
      const { showSnapshots } = await import("../snapshots/show.ts");
      finish(await showSnapshots(args));
    },
  };
}
