import type { RunStatus } from "@kubeferry/model";

/** What the process ends with. */
export const ExitCode = {
  /** Done; accepted gaps included. */
  done: 0,
  /** Done, with failures in the report. */
  doneWithFailures: 1,
  /** Could not run: bad configuration, no API, no store, a lost race; nothing was left half-written. */
  couldNotRun: 2,
  /** What was compared differs. */
  different: 3,
  /** Stopped by SIGINT. */
  interrupted: 130,
  /** Stopped by SIGTERM. */
  stopped: 143,
} as const;

/** Called by a command's handler with the code the process is to end with. */
export type Finish = (code: number) => void;

const CODES: Readonly<Record<Exclude<RunStatus, "interrupted">, number>> = {
  complete: ExitCode.done,
  partial: ExitCode.doneWithFailures,
  failed: ExitCode.couldNotRun,
};

/**
 * The code for a report.
 * @param stoppedBy the signal that an interrupted run was told to stop by
 */
export function codeOf(status: RunStatus, stoppedBy?: NodeJS.Signals | undefined): number {
  return status === "interrupted" ? codeOfSignal(stoppedBy) : CODES[status];
}

/** The code of a process that was told to stop. */
export function codeOfSignal(signal: NodeJS.Signals | undefined): number {
  return signal === "SIGINT" ? ExitCode.interrupted : ExitCode.stopped;
}
