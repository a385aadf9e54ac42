import type { CommandModule, Options, PositionalOptions } from "yargs";
import type { Finish } from "../exit-code.ts";
import type { DiffArguments } from "../recovery/diff.ts";
import { filterOptions } from "./filter-options.ts";
import { colorOption, configOptions } from "./options.ts";
import { snapshotOptions } from "./snapshot-options.ts";

const side = {
  type: "string",
  demandOption: true,
  describe:
    "latest, latest~3, a snapshot's number, -2h (as it was then), 2026-11-20T06:00:00Z, <cluster>@<any of these>, live, git:<branch>:<path>, folder:<path>",
} as const satisfies PositionalOptions;

const diffOptions = {
  output: {
    choices: ["text", "unified", "json", "markdown"] as const,
    default: "text" as const,
    describe: "What stdout gets: fields object by object, a unified diff of YAML, one JSON document, or Markdown",
  },
  stat: { type: "boolean", default: false, describe: "Only how many objects differ, by namespace and type" },
  "name-only": { type: "boolean", default: false, describe: "Only the names of the objects that differ" },
  "accept-unread": {
    type: "boolean",
    default: false,
    describe: "Types that one side could not read do not make the exit code 2; they are named all the same",
  },
  "files-complete": {
    type: "boolean",
    default: false,
    describe: "What files lack of the namespaces that they speak of differs too; without it, it is not compared",
  },
  color: colorOption,
} as const satisfies Record<string, Options>;

/** `kubeferry diff`. */
export function diffCommand(finish: Finish): CommandModule<object, DiffArguments> {
  return {
    command: "diff <before> <after>",
    describe:
      "Compare two of: snapshots, the cluster as it is now, files in Git or a folder; exit code 3 when they differ",
    builder: (args) =>
      args
        .positional("before", side)
        .positional("after", side)
        .options({ ...configOptions, ...snapshotOptions, ...filterOptions, ...diffOptions })
        .check(({ output, stat, nameOnly }) => {
          if (stat && nameOnly) throw new Error("--stat and --name-only exclude each other");
          if (output === "text" || !(stat || nameOnly)) return true;
          throw new Error("--stat and --name-only are forms of --output text");
        }) as never,
    handler: async (args) => {
      const { runDiff } = await import("../recovery/diff.ts");
      finish(await runDiff(args));
    },
  };
}
