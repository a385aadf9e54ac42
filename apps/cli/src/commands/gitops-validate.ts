import type { CommandModule } from "yargs";
import type { Finish } from "../exit-code.ts";
import { type CommonArguments, commonOptions } from "./options.ts";

/** `kubeferry gitops validate`. */
export function gitopsValidateCommand(finish: Finish): CommandModule<object, CommonArguments> {
  return {
    command: "validate",
    describe: "Check what the newest snapshot would bring into Git; needs no repository",
    builder: (args) => args.options(commonOptions) as never,
    handler: async (args) => {
      const { runValidate } = await import("../stages/run-validate.ts");
      finish(await runValidate(args));
    },
  };
}
