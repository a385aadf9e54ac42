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

/** 0 for a complete run, 1 for one with failures. */
export function codeOf(status: "complete" | "partial" | "failed"): number {
  if (status === "complete") return ExitCode.done;
  return status === "partial" ? ExitCode.doneWithFailures : ExitCode.couldNotRun;
}
