import type { CommandModule, Options } from "yargs";
import type { Finish } from "../exit-code.ts";
import type { RestoreApplyArguments } from "../recovery/restore-apply.ts";
import { restoreOptions } from "./restore-options.ts";

const planPositional = {
  type: "string",
  describe: "File that `restore plan --out` wrote; left out: a plan is made and carried out at once, with --yes",
} as const;

const applyOptions = {
  yes: {
    type: "boolean",
    default: false,
    describe: "Without a plan: write what a plan for these options would say, without asking",
  },
} as const satisfies Record<string, Options>;

/** `kubeferry restore apply`. */
export function restoreApplyCommand(finish: Finish): CommandModule<object, RestoreApplyArguments> {
  return {
    command: "apply [plan]",
    describe: "Carry out a restore; stopped anywhere, the same command with the same plan goes on",
    builder: (args) => args.positional("plan", planPositional).options({ ...restoreOptions, ...applyOptions }) as never,
    handler: async (args) => {
      const { restoreApply } = await import("../recovery/restore-apply.ts");
      finish(await restoreApply(args));
    },
  };
}
