import yargs from "yargs";
import { backupCommand } from "./commands/backup.ts";
import { demoCommand } from "./commands/demo.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { gitopsCommand } from "./commands/gitops.ts";
import { runCommand } from "./commands/run.ts";
import { snapshotsCommand } from "./commands/snapshots.ts";
import { ExitCode } from "./exit-code.ts";
import { toolVersion } from "./version.ts";

/**
 * The command line. Results go to stdout, everything else to stderr.
 * @returns the exit code: 0 done, 1 done with failures, 2 could not run, 143 or 130 stopped
 */
export async function main(argv: readonly string[]): Promise<number> {
  const result: { code: number } = { code: ExitCode.done };
  const finish = (code: number): void => {
    result.code = code;
  };
  const parser = yargs([...argv])
    .scriptName("kubeferry")
    .usage(
      "$0 <command>\n\nCarries the state of a cluster into an object store, and from there into a GitOps repository.",
    )
    .command(backupCommand(finish))
    .command(gitopsCommand(finish))
    .command(runCommand(finish))
    .command(snapshotsCommand(finish))
    .command(doctorCommand(finish))
    .command(demoCommand(finish))
    .demandCommand(1, "Name a command.")
    .strict()
    .recommendCommands()
    .version(toolVersion())
    .help()
    .alias("help", "h")
    .exitProcess(false)
    .fail((message, error, parserInstance) => {
      if (error !== undefined && message === null) throw error;
      process.stderr.write(`kubeferry: ${message ?? String(error)}; see \`kubeferry --help\`\n`);
      parserInstance.exit(ExitCode.couldNotRun, new Error(message));
      result.code = ExitCode.couldNotRun;
    });
  await parser.parseAsync();
  return result.code;
}
