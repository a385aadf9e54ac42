import type { CommandModule } from "yargs";
import type { Finish } from "../exit-code.ts";
import { notifyTestCommand } from "./notify-test.ts";

/** `kubeferry notify`: who is told of runs. */
export function notifyCommand(finish: Finish): CommandModule {
  return {
    command: "notify",
    describe: "Try the channels that tell people of runs",
    builder: (args) => args.command(notifyTestCommand(finish)).demandCommand(1, "Name one of: test."),
    handler: () => undefined,
  };
}
