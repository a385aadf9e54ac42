import type { CommandModule } from "yargs";
import type { ShowArguments } from "../configuration/show.ts";
import type { Finish } from "../exit-code.ts";
import { configOptions } from "./options.ts";

/** `kubeferry config show`. */
export function configShowCommand(finish: Finish): CommandModule<object, ShowArguments> {
  return {
    command: "show",
    describe: "Print every value as it holds, defaults included, secrets as ***",
    builder: (args) =>
      args.options({
        ...configOptions,
        origin: { type: "boolean", default: false, describe: "Say beside each value where it was written" },
        output: { choices: ["yaml", "json"] as const, default: "yaml" as const, describe: "Format of stdout" },
      }) as never,
    handler: async (args) => {
      const { showConfiguration } = await import("../configuration/show.ts");
      finish(await showConfiguration(args));
    },
  };
}
