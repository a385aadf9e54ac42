import type { CommandModule, Options } from "yargs";
import type { Finish } from "../exit-code.ts";
import type { RestorePlanArguments } from "../recovery/restore-plan.ts";
import { restoreOptions } from "./restore-options.ts";

const planOptions = {
  out: {
    type: "string",
    requiresArg: true,
    describe: "File to write the plan to, for `restore apply`; one that is there is replaced",
  },
  all: {
    type: "boolean",
    default: false,
    describe: "Show every object and every field, however many there are",
  },
} as const satisfies Record<string, Options>;

/** `kubeferry restore plan`. */
export function restorePlanCommand(finish: Finish): CommandModule<object, RestorePlanArguments> {
  return {
    command: "plan",
    describe: "Say object by object what a restore would do, checked by the cluster itself; nothing is changed",
    builder: (args) => args.options({ ...restoreOptions, ...planOptions }) as never,
    handler: async (args) => {
      const { restorePlan } = await import("../recovery/restore-plan.ts");
      finish(await restorePlan(args));
    },
  };
}
