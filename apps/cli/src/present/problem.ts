import { type Call, KubeferryError, type LogOperation } from "@kubeferry/model";
import { redactText } from "@kubeferry/telemetry";
import { codeOfSignal, ExitCode } from "../exit-code.ts";
import { note } from "./print.ts";

/** Says on stderr why a command did not do its work, and gives the exit code for it. */
export function reportProblem(error: unknown, stoppedBy: NodeJS.Signals | undefined): number {
  if (stoppedBy !== undefined) {
    note(`kubeferry: ${stoppedText(stoppedBy)}`);
    return codeOfSignal(stoppedBy);
  }
  if (error instanceof KubeferryError) {
    // One line, whatever names are in it.
    note(redactText(error.message).replaceAll("\n", "\\u000a"));
    return ExitCode.couldNotRun;
  }
  // Not one of our own errors: the trace is what a bug report needs.
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  note(redactText(`kubeferry: unexpected: ${trace}`));
  return ExitCode.couldNotRun;
}

/** What a stage was doing when it ended early. */
export interface EarlyEnd {
  readonly error: unknown;
  readonly stoppedBy: NodeJS.Signals | undefined;
  readonly operation: LogOperation;
  readonly durationMs: number;
}

/** Says the same as a log line: where machines read stderr, a line of another kind would stop them. */
export function logProblem({ error, stoppedBy, operation, durationMs }: EarlyEnd, call: Call): number {
  const duration_ms = Math.round(durationMs);
  if (stoppedBy !== undefined) {
    call.log.warn(stoppedText(stoppedBy), { operation, data: { status: "interrupted", duration_ms }, duration_ms });
    return codeOfSignal(stoppedBy);
  }
  call.log.error("could not run", { operation, data: { status: "failed", duration_ms }, duration_ms, error });
  return ExitCode.couldNotRun;
}

function stoppedText(signal: NodeJS.Signals): string {
  return `stopped by ${signal}; what is written is whole, run the same command to go on`;
}

/**
 * An error's message on its way to people: it goes past the log, and so past the log's redaction.
 * @param stoppedBy the signal that ended the work, if one did: then that is the message
 */
export function problemText(error: unknown, stoppedBy?: NodeJS.Signals): string {
  if (stoppedBy !== undefined) return stoppedText(stoppedBy);
  return redactText(error instanceof Error ? error.message : String(error));
}
