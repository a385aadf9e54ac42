import type { CommandModule } from "yargs";
import type { Finish } from "../exit-code.ts";
import { snapshotsListCommand } from "./snapshots-list.ts";
import { snapshotsShowCommand } from "./snapshots-show.ts";
import { snapshotsVerifyCommand } from "./snapshots-verify.ts";

/** `kubeferry snapshots`: what is in the store. */
export function snapshotsCommand(finish: Finish): CommandModule {
  return {
    command: "snapshots",
    describe: "List, show and verify snapshots",
    builder: (args) =>
      args
        .command(snapshotsListCommand(finish))
        .command(snapshotsShowCommand(finish))
        .command(snapshotsVerifyCommand(finish))
        .demandCommand(1, "Name one of: list, show, verify."),
    handler: () => undefined,
  };
}
