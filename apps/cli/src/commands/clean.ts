import type { CommandModule } from "yargs";
import type { CleanArguments } from "../clean/run-clean.ts";
import type { Finish } from "../exit-code.ts";

const options = {
  config: {
    type: "string",
    array: true,
    requiresArg: true,
    default: [] as string[],
    defaultDescription: "the built-in rules alone",
    describe: "Configuration file whose section `clean` is used; may be given several times, later ones win",
  },
  output: { choices: ["yaml", "json"] as const, default: "yaml" as const, describe: "How stdout gets the objects" },
  rules: { type: "boolean", default: false, describe: "Print the built-in rules instead" },
} as const;

/** `kubeferry clean`: what the mirror and Git would show of an object, and why. */
export function cleanCommand(finish: Finish): CommandModule<object, CleanArguments> {
  return {
    command: "clean [file]",
    describe: "Show what is left of objects, and why the rest goes: kubeferry clean < object.yaml",
    builder: (args) =>
      args
        .positional("file", { type: "string", describe: "YAML or JSON; left out or `-`, it is read from stdin" })
        .options(options) as never,
    handler: async (args) => {
      const { runClean } = await import("../clean/run-clean.ts");
      finish(await runClean(args));
    },
  };
}
