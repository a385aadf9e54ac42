import { ConfigError, type LoadedConfig } from "@kubeferry/shared-config";
import { redactText } from "@kubeferry/telemetry";
import type { CommonArguments } from "../commands/options.ts";
import { loadConfiguration } from "../compose/load-configuration.ts";
import { ExitCode } from "../exit-code.ts";
import { count, note, print, printJson } from "../present/print.ts";
import { reportProblem } from "../present/problem.ts";

/** Checks the configuration and does nothing else. @returns 0 when it can be used, else 2 */
export async function validateConfiguration(args: CommonArguments): Promise<number> {
  try {
    const { clusters, warnings, notices } = await loadConfiguration(args);
    if (args.output === "json") printJson({ valid: true, problems: [], warnings, notices });
    else print(validText({ clusters, warnings, notices }));
    return ExitCode.done;
  } catch (error) {
    if (!(error instanceof ConfigError)) return reportProblem(error, undefined);
    if (args.output === "json") printJson({ valid: false, problems: error.problems, warnings: [], notices: [] });
    else note(redactText(problemsText(error)));
    return ExitCode.couldNotRun;
  }
}

function validText({ clusters, warnings, notices }: Pick<LoadedConfig, "clusters" | "warnings" | "notices">): string {
  const remarks = [...warnings.map((text) => `warning: ${text}`), ...notices.map((text) => `notice: ${text}`)];
  return [`The configuration is valid: ${count(clusters.length, "cluster")}.`, ...remarks].join("\n");
}

function problemsText({ problems }: ConfigError): string {
  const lines = problems.map(({ path, text, source }) => `  ${path}: ${text}${source === "" ? "" : ` [${source}]`}`);
  return [`config: ${count(problems.length, "problem")}:`, ...lines].join("\n");
}
