import type { CommandModule, Options } from "yargs";
import type { Finish } from "../exit-code.ts";
import type { DriftArguments } from "../recovery/drift.ts";
import { filterOptions } from "./filter-options.ts";
import { colorOption, configOptions } from "./options.ts";
import { snapshotOptions } from "./snapshot-options.ts";

const driftOptions = {
  against: {
    choices: ["git", "snapshot", "both"] as const,
    default: "both" as const,
    describe: "What the cluster is held against: the base branch of the repository, the last snapshot, or both",
  },
  environment: {
    type: "string",
    requiresArg: true,
    describe: "Which environment's overlays this cluster is to look like; found by its UID when left out",
  },
  output: {
    choices: ["text", "json", "markdown"] as const,
    default: "text" as const,
    describe: "What stdout gets: text for people, one JSON document, or Markdown",
  },
  color: colorOption,
} as const satisfies Record<string, Options>;

/** `kubeferry drift`. */
export function driftCommand(finish: Finish): CommandModule<object, DriftArguments> {
  return {
    command: "drift",
    describe: "Compare the cluster as it is now with Git and with the last snapshot; exit code 3 when it differs",
    builder: (args) =>
      args.options({ ...configOptions, ...snapshotOptions, ...filterOptions, ...driftOptions }) as never,
    handler: async (args) => {
      const { runDrift } = await import("../recovery/drift.ts");
      finish(await runDrift(args));
    },
  };
}
