import type { CommandModule } from "yargs";
import type { Finish } from "../exit-code.ts";
import { type ConfigArguments, configOptions } from "./options.ts";

/** `kubeferry gitops serve`. */
export function gitopsServeCommand(finish: Finish): CommandModule<object, ConfigArguments> {
  return {
    command: "serve",
    describe: "Run stage 2 whenever a backup says that it is complete, and at intervals",
    builder: (args) => args.options(configOptions) as never,
    handler: async (args) => {
      const { serveGitOps } = await import("../stages/gitops-serve.ts");
      finish(await serveGitOps(args));
    },
  };
}
