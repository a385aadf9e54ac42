import type { CommandModule } from "yargs";
import type { Finish } from "../exit-code.ts";
import { restoreApplyCommand } from "./restore-apply.ts";
import { restoreDrillCommand } from "./restore-drill.ts";
import { restorePlanCommand } from "./restore-plan.ts";

/** `kubeferry restore`: a snapshot back into a cluster. */
export function restoreCommand(finish: Finish): CommandModule {
  return {
    command: "restore",
    describe: "Bring the objects of a snapshot back into this or another cluster",
    builder: (args) =>
      args
        .command(restorePlanCommand(finish))
        .command(restoreApplyCommand(finish))
        .command(restoreDrillCommand(finish))
        .demandCommand(1, "Name one of: plan, apply, drill."),
    handler: () => undefined,
  };
}
