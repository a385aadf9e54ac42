import type { ConfigArguments } from "../commands/options.ts";
import { loadConfiguration } from "../compose/load-configuration.ts";
import { ExitCode } from "../exit-code.ts";
import { print, printJson } from "../present/print.ts";
import { reportProblem } from "../present/problem.ts";
import { settingsTree, settingsYaml } from "./settings-yaml.ts";

/** What `config show` is asked. */
export interface ShowArguments extends ConfigArguments {
  readonly origin: boolean;
  readonly output: "yaml" | "json";
}

/** Prints every value as it holds. @returns 0, or 2 when the configuration cannot be used */
export async function showConfiguration(args: ShowArguments): Promise<number> {
  try {
    const { settings, oldNames } = await loadConfiguration(args);
    if (args.output === "yaml") {
      print(settingsYaml(settings, oldNames, args.origin));
      return ExitCode.done;
    }
    const origins = Object.fromEntries(settings.map(({ key, origin }) => [key, origin]));
    printJson({ values: settingsTree(settings), ...(args.origin ? { origins } : {}), oldNames });
    return ExitCode.done;
  } catch (error) {
    return reportProblem(error, undefined);
  }
}
