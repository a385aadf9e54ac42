import type { CommandModule, Options, PositionalOptions } from "yargs";
import type { Finish } from "../exit-code.ts";
import type { HistoryArguments } from "../recovery/history.ts";
import { colorOption, commonOptions } from "./options.ts";
import { snapshotOptions } from "./snapshot-options.ts";

const objectPositional = {
  type: "string",
  demandOption: true,
  describe: "<type>/<name>; the type as kubectl takes it: deployment, deploy, deployments.apps",
} as const satisfies PositionalOptions;

const historyOptions = {
  namespace: { type: "string", alias: "n", requiresArg: true, describe: "The namespace that it lies in" },
  limit: { type: "number", requiresArg: true, describe: "Only so many of the last events" },
  color: colorOption,
} as const satisfies Record<string, Options>;

/** `kubeferry history`. */
export function historyCommand(finish: Finish): CommandModule<object, HistoryArguments> {
  return {
    command: "history <object>",
    describe: "Say when one object changed, and how, from snapshot to snapshot",
    builder: (args) =>
      args
        .positional("object", objectPositional)
        .options({ ...commonOptions, ...snapshotOptions, ...historyOptions })
        .check(({ limit }) => {
          if (limit === undefined || (Number.isInteger(limit) && limit > 0)) return true;
          throw new Error("--limit is a whole number from 1 on");
        }) as never,
    handler: async (args) => {
      const { runHistory } = await import("../recovery/history.ts");
      finish(await runHistory(args));
    },
  };
}
