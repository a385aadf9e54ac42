import type { CommandModule } from "yargs";
import type { Finish } from "../exit-code.ts";
import { snapshotsExportCommand } from "./snapshots-export.ts";
import { snapshotsImportCommand } from "./snapshots-import.ts";
import { snapshotsListCommand } from "./snapshots-list.ts";
import { snapshotsPruneCommand } from "./snapshots-prune.ts";
import { snapshotsShowCommand } from "./snapshots-show.ts";
import { snapshotsVerifyCommand } from "./snapshots-verify.ts";

/** `kubeferry snapshots`: what is in the store. */
export function snapshotsCommand(finish: Finish): CommandModule {
  return {
    command: "snapshots",
    describe: "List, show, verify, prune, export and import snapshots",
    builder: (args) =>
      args
        .command(snapshotsListCommand(finish))
        .command(snapshotsShowCommand(finish))
        .command(snapshotsVerifyCommand(finish))
        .command(snapshotsPruneCommand(finish))
        .command(snapshotsExportCommand(finish))
        .command(snapshotsImportCommand(finish))
        .demandCommand(1, "Name one of: list, show, verify, prune, export, import."),
    handler: () => undefined,
  };
}
