import type { CommandModule, Options } from "yargs";
import type { Finish } from "../exit-code.ts";
import type { ExportArguments } from "../snapshots/export.ts";
import { filterOptions } from "./filter-options.ts";
import { commonOptions } from "./options.ts";
import { momentOption, snapshotOptions } from "./snapshot-options.ts";

const exportOptions = {
  at: momentOption,
  to: {
    type: "string",
    requiresArg: true,
    demandOption: true,
    describe: "A folder that is empty or not there yet, or a file that ends in .tar, .tar.gz or .tgz",
  },
  secrets: {
    choices: ["list", "include"] as const,
    default: "list" as const,
    describe:
      "list: Secrets and what else is encrypted are named in secrets.todo.md. include: those that can be read are written, values and all",
  },
} as const satisfies Record<string, Options>;

/** `kubeferry snapshots export`. */
export function snapshotsExportCommand(finish: Finish): CommandModule<object, ExportArguments> {
  return {
    command: "export",
    describe: "Write a snapshot as clean YAML that kubectl apply -k takes",
    builder: (args) =>
      args.options({ ...commonOptions, ...snapshotOptions, ...exportOptions, ...filterOptions }) as never,
    handler: async (args) => {
      const { exportSnapshots } = await import("../snapshots/export.ts");
      finish(await exportSnapshots(args));
    },
  };
}
