import { KubeferryError } from "@kubeferry/model";
import { redactText } from "@kubeferry/telemetry";
import { ExitCode } from "../exit-code.ts";
import { note } from "./print.ts";

/** Says on stderr why a command did not do its work, and gives the exit code for it. */
export function reportProblem(error: unknown, stoppedBy: NodeJS.Signals | undefined): number {
  if (stoppedBy !== undefined) {
    note(`kubeferry: stopped by ${stoppedBy}; a snapshot is there whole or not at all, run the same command to go on`);
    return stoppedBy === "SIGINT" ? ExitCode.interrupted : ExitCode.stopped;
  }
  if (error instanceof KubeferryError) {
    note(redactText(error.message));
    return ExitCode.couldNotRun;
  }
  // Not one of our own errors: the trace is what a bug report needs.
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  note(redactText(`kubeferry: unexpected: ${trace}`));
  return ExitCode.couldNotRun;
}

/** An error's message on its way to people: it goes past the log, and so past the log's redaction. */
export function problemText(error: unknown): string {
  return redactText(error instanceof Error ? error.message : String(error));
}
