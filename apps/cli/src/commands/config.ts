import type { CommandModule } from "yargs";
import type { Finish } from "../exit-code.ts";
import { configShowCommand } from "./config-show.ts";
import { configValidateCommand } from "./config-validate.ts";

/** `kubeferry config`: what the configuration says. */
export function configCommand(finish: Finish): CommandModule {
  return {
    command: "config",
    describe: "Show and validate the configuration",
    builder: (args) =>
      args
        .command(configShowCommand(finish))
        .command(configValidateCommand(finish))
        .demandCommand(1, "Name one of: show, validate."),
    handler: () => undefined,
  };
}
