import { KubeferryError } from "@kubeferry/model";
import yargs from "yargs";
import { backupCommand } from "./commands/backup.ts";
import { browseCommand } from "./commands/browse.ts";
import { cleanCommand } from "./commands/clean.ts";
import { configCommand } from "./commands/config.ts";
import { demoCommand } from "./commands/demo.ts";
import { diffCommand } from "./commands/diff.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { driftCommand } from "./commands/drift.ts";
import { gitopsCommand } from "./commands/gitops.ts";
import { historyCommand } from "./commands/history.ts";
import { initCommand } from "./commands/init.ts";
import { notifyCommand } from "./commands/notify.ts";
import { policyCommand } from "./commands/policy.ts";
import { restoreCommand } from "./commands/restore.ts";
import { rollbackCommand } from "./commands/rollback.ts";
import { runCommand } from "./commands/run.ts";
import { snapshotsCommand } from "./commands/snapshots.ts";
import { ExitCode, type Finish } from "./exit-code.ts";
import { toolVersion } from "./version.ts";

/** "usage": a command line that means nothing. */
class UsageError extends KubeferryError<"usage"> {}

/**
 * The command line. Results go to stdout, everything else to stderr.
 * @returns the exit code: 0 done, 1 done with failures, 2 could not run, 3 different, 143 or 130 stopped
 */
export async function main(argv: readonly string[]): Promise<number> {
  process.stdout.on("error", onLostOutput());
  const result: { code: number } = { code: ExitCode.done };
  try {
    await commandLine(argv, (code) => {
      result.code = code;
    }).parseAsync();
    return result.code;
  } catch (error) {
    const { reportProblem } = await import("./present/problem.ts");
    return reportProblem(error, undefined);
  }
}

/** One value for each time an option is given: `-n shop plan.json` names a plan, and no other namespace. */
const ONE_VALUE_EACH = { "greedy-arrays": false };

function commandLine(argv: readonly string[], finish: Finish) {
  return (
    yargs(argv.map(shielded))
      .scriptName("kubeferry")
      // One language, as all other texts; the bundle carries no translations of the parser's headings.
      .locale("en")
      .parserConfiguration(ONE_VALUE_EACH)
      .usage(
        "$0 <command>\n\nCarries the state of a cluster into an object store, and from there into a GitOps repository.",
      )
      .command(backupCommand(finish))
      .command(gitopsCommand(finish))
      .command(runCommand(finish))
      .command(rollbackCommand(finish))
      .command(snapshotsCommand(finish))
      .command(restoreCommand(finish))
      .command(browseCommand(finish))
      .command(diffCommand(finish))
      .command(historyCommand(finish))
      .command(driftCommand(finish))
      .command(initCommand(finish))
      .command(configCommand(finish))
      .command(notifyCommand(finish))
      .command(cleanCommand(finish))
      .command(doctorCommand(finish))
      .command(policyCommand(finish))
      .command(demoCommand(finish))
      .demandCommand(1, "Name a command.")
      .strict()
      .recommendCommands()
      .version(toolVersion())
      .help()
      .alias("help", "h")
      .exitProcess(false)
      .fail((message, error) => {
        // Commands throw errors of their own without a message of the parser's.
        throw message === null || error instanceof KubeferryError ? error : misused(message);
      })
  );
}

/** "-2h" is a moment and no option; with a blank in front the parser takes it for what it is, and a moment has none. */
function shielded(argument: string): string {
  return /^-\d+[smhdw]$/.test(argument) ? ` ${argument}` : argument;
}

function misused(problem: string): UsageError {
  const operation = "read the command line";
  return new UsageError({ kind: "usage", who: "kubeferry", operation, problem, next: "see `kubeferry --help`" });
}

/**
 * `kubeferry … | head` reads what it wants and goes: the work was done all the same. A result that a full disk does not
 * take is said once, and ends with 1: whoever reads that file later is to know; metrics and messages are still sent.
 */
function onLostOutput(): (error: NodeJS.ErrnoException) => void {
  let isSaid = false;
  return (error) => {
    if (error.code === "EPIPE" || isSaid) return;
    isSaid = true;
    const why = error.code ?? error.name;
    process.stderr.write(`kubeferry: print the result: ${why}: it is lost, the work is done; see where stdout goes\n`);
    process.once("exit", (code) => {
      if (code === ExitCode.done) process.exitCode = ExitCode.doneWithFailures;
    });
  };
}
