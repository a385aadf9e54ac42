import type { CommandModule, Options } from "yargs";
import type { Finish } from "../exit-code.ts";
import type { GitOpsSummaryArguments } from "../gitops/summary.ts";
import { configOptions } from "./options.ts";

const outputOption = {
  choices: ["text", "json", "markdown"] as const,
  default: "text" as const,
  describe: "What stdout gets: tables for people, one JSON report, or Markdown",
} as const satisfies Options;

/** `kubeferry gitops summary`. */
export function gitopsSummaryCommand(finish: Finish): CommandModule<object, GitOpsSummaryArguments> {
  return {
    command: "summary [namespace]",
    describe: "Say how alike the environments are, what is only named otherwise, and where they differ most",
    builder: (args) =>
      args
        .positional("namespace", {
          type: "string",
          describe:
            "Only this namespace, or those that fit a glob; left out, all that are adopted and the cluster's own objects",
        })
        .options({ ...configOptions, output: outputOption }) as never,
    handler: async (args) => {
      const { summarize } = await import("../gitops/summary.ts");
      finish(await summarize(args));
    },
  };
}
