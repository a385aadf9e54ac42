import type { CommandModule } from "yargs";
import type { Finish } from "../exit-code.ts";
import { type CommonArguments, commonOptions } from "./options.ts";
import { type SnapshotArguments, sequencePositional, snapshotOptions } from "./snapshot-options.ts";

/** `kubeferry snapshots verify`. */
export function snapshotsVerifyCommand(finish: Finish): CommandModule<object, CommonArguments & SnapshotArguments> {
  return {
    command: "verify [sequence]",
    describe: "Read every byte a snapshot names and compare it with its digests",
    builder: (args) =>
      args.positional("sequence", sequencePositional).options({ ...commonOptions, ...snapshotOptions }) as never,
    handler: async (args) => {
      const { verifySnapshots } = await import("../snapshots/verify.ts");
      finish(await verifySnapshots(args));
    },
  };
}
