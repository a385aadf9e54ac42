import type { CommandModule } from "yargs";
import type { Finish } from "../exit-code.ts";
import type { VerifyArguments } from "../snapshots/verify.ts";
import { commonOptions } from "./options.ts";
import { sequencePositional, snapshotOptions } from "./snapshot-options.ts";

const repairOption = {
  type: "boolean",
  default: false,
  describe:
    "Where files of the mirror are not as they should be, write all of them anew and remove what is beside them",
} as const;

/** `kubeferry snapshots verify`. */
export function snapshotsVerifyCommand(finish: Finish): CommandModule<object, VerifyArguments> {
  return {
    command: "verify [sequence]",
    describe: "Read every byte a snapshot names and compare it with its digests",
    builder: (args) =>
      args
        .positional("sequence", sequencePositional)
        .options({ ...commonOptions, ...snapshotOptions, repair: repairOption }) as never,
    handler: async (args) => {
      const { verifySnapshots } = await import("../snapshots/verify.ts");
      finish(await verifySnapshots(args));
    },
  };
}
