/** Fields that a log line carries beside its constant message; values are redacted at the sink. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where a step reports what it does. Messages are constant texts, what varies goes into the fields. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Handed to everything that waits: when to stop, and where to say what happens. */
export interface Call {
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** A log that keeps nothing; for library callers that have none. */
export const silentLog: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  // Nothing is kept on purpose.
}
