import type { CommandModule } from "yargs";
import type { Finish } from "../exit-code.ts";
import { restorePlanCommand } from "./restore-plan.ts";

/** `kubeferry restore`: a snapshot back into a cluster. */
export function restoreCommand(finish: Finish): CommandModule {
  return {
    command: "restore",
    describe: "Bring the objects of a snapshot back into this or another cluster",
    builder: (args) => args.command(restorePlanCommand(finish)).demandCommand(1, "Name one of: plan."),
    handler: () => undefined,
  };
}
