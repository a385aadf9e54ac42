import type { LogOperation } from "./operation.ts";
import type { SecurityEvent } from "./security-event.ts";
import type { Span } from "./span.ts";

/** Fields that a log line carries beside its constant message; values are redacted at the sink. */
export interface LogFields {
  /** What the line is about; a new one is added to the list of them first. */
  readonly operation?: LogOperation;
  /** Of a line with `operation: "security_event"`: what it counts as. */
  readonly event?: SecurityEvent;
  /** Of such a line: how many events it stands for; left out: one. */
  readonly events?: number;
  readonly [field: string]: unknown;
}

/** Where a step reports what it does. Messages are constant texts, what varies goes into the fields. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Handed to everything that waits: when to stop, and where to say what happens. */
export interface Call {
  /** Aborted: no more work is taken, and what is not worth finishing is left. */
  readonly signal: AbortSignal;
  /** Aborted later than `signal`: what is worth finishing may go on until then, see `finishing`. Left out: nothing may. */
  readonly deadline?: AbortSignal;
  readonly log: Log;
  /** The piece of work this is part of; left out by library callers, who trace nothing. */
  readonly span?: Span;
}

/** A log that keeps nothing; for library callers that have none. */
export const silentLog: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** The same call, whose log lines carry these fields too; a line's own fields win. */
export function callWith(call: Call, own: LogFields): Call {
  const { log } = call;
  return {
    ...call,
    log: {
      debug: (message, fields) => log.debug(message, { ...own, ...fields }),
      info: (message, fields) => log.info(message, { ...own, ...fields }),
      warn: (message, fields) => log.warn(message, { ...own, ...fields }),
      error: (message, fields) => log.error(message, { ...own, ...fields }),
    },
  };
}

function ignore(): void {
  // Nothing is kept on purpose.
}
