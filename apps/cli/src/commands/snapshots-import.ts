import type { CommandModule, Options } from "yargs";
import type { Finish } from "../exit-code.ts";
import type { ImportArguments } from "../snapshots/import.ts";
import { commonOptions } from "./options.ts";
import { momentOption, snapshotOptions } from "./snapshot-options.ts";

const importOptions = {
  from: {
    type: "string",
    requiresArg: true,
    demandOption: true,
    describe: "Configuration file that describes the other store: where it is, what opens it, whose signatures count",
  },
  at: momentOption,
  all: {
    type: "boolean",
    default: false,
    describe: "Every snapshot of the series, oldest first, instead of one",
  },
} as const satisfies Record<string, Options>;

/** `kubeferry snapshots import`. */
export function snapshotsImportCommand(finish: Finish): CommandModule<object, ImportArguments> {
  return {
    command: "import",
    describe: "Copy snapshots of another store into this one, encrypted and signed with this configuration's keys",
    builder: (args) => args.options({ ...commonOptions, ...snapshotOptions, ...importOptions }) as never,
    handler: async (args) => {
      const { importToStore } = await import("../snapshots/import.ts");
      finish(await importToStore(args));
    },
  };
}
