import type { CommandModule } from "yargs";
import type { Finish } from "../exit-code.ts";
import { type CommonArguments, commonOptions } from "./options.ts";

/** `kubeferry config validate`. */
export function configValidateCommand(finish: Finish): CommandModule<object, CommonArguments> {
  return {
    command: "validate",
    describe: "Check the configuration: all problems at once, each with the place it was written",
    builder: (args) => args.options(commonOptions) as never,
    handler: async (args) => {
      const { validateConfiguration } = await import("../configuration/validate.ts");
      finish(await validateConfiguration(args));
    },
  };
}
