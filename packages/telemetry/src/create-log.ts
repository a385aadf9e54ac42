import type { Log, LogFields } from "@kubeferry/model";
import winston from "winston";
import { type LogEntry, type LogLevel, toEntry } from "./entry.ts";
import { jsonText } from "./json-text.ts";
import { processNotifications } from "./notification-counts.ts";
import { prettyLine } from "./pretty.ts";
import { processRedactor } from "./redactor.ts";
import { processSecurityEvents } from "./security-events.ts";

/** How a log is written. */
export interface LogOptions {
  /** The least important lines that are written. */
  readonly level: LogLevel;
  /** "auto": pretty on a terminal, else one JSON object a line. */
  readonly format: "auto" | "json" | "pretty";
  /** Left out: stderr, because stdout belongs to results. */
  readonly stream?: LogStream;
  /** The part of the program that speaks: "backup". */
  readonly component: string;
  /** Carried by every line. */
  readonly fields?: LogFields;
  /** Left out: the system's clock. */
  readonly now?: () => Date;
}

/** Where lines go: stderr, a file stream, a buffer of a test. */
export type LogStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** A log that can be narrowed: every line of a child carries its fields too. */
export interface FieldLog extends Log {
  child(fields: LogFields): FieldLog;
}

/** The log of a process. */
export interface RootLog extends FieldLog {
  /** How its lines are written, once "auto" is settled. */
  readonly format: "json" | "pretty";
  /** Settles when the stream has taken every line. The stream stays open; later lines are dropped. */
  close(): Promise<void>;
}

// Lower is more important, as winston counts.
const LEVELS: Readonly<Record<LogLevel, number>> = { error: 0, warn: 1, info: 2, debug: 3 };

/**
 * Opens a log. Each line is a constant message with fields, made and redacted at once: a later change of a field's
 * object does not change the line. A stream that fails loses its lines and never ends the run.
 */
export function createLog(options: LogOptions): RootLog {
  const stream: LogStream = options.stream ?? process.stderr;
  const now = options.now ?? (() => new Date());
  const format = settledFormat(options.format, stream);
  const sink = openSink({ ...options, format }, stream);
  const state = { closed: false };

  function write(level: LogLevel, message: string, fields: LogFields): void {
    // What is not written counts too: a level is about reading, and not about guarding.
    processSecurityEvents.see(fields);
    processNotifications.see(fields);
    if (state.closed || LEVELS[level] > LEVELS[options.level]) return;
    sink.write(toEntry({ at: now(), level, message, fields }, processRedactor));
  }

  async function close(): Promise<void> {
    if (state.closed) return;
    state.closed = true;
    await sink.close();
  }

  const fields = { component: options.component, ...options.fields };
  return { ...fieldLog(write, fields), format, close };
}

function settledFormat(format: LogOptions["format"], { isTTY }: LogStream): RootLog["format"] {
  if (format === "auto") return isTTY === true ? "pretty" : "json";
  return format;
}

type Write = (level: LogLevel, message: string, fields: LogFields) => void;

function fieldLog(write: Write, own: LogFields): FieldLog {
  return {
    debug: (message, fields) => write("debug", message, { ...own, ...fields }),
    info: (message, fields) => write("info", message, { ...own, ...fields }),
    warn: (message, fields) => write("warn", message, { ...own, ...fields }),
    error: (message, fields) => write("error", message, { ...own, ...fields }),
    child: (fields) => fieldLog(write, { ...own, ...fields }),
  };
}

interface Sink {
  write(entry: LogEntry): void;
  close(): Promise<void>;
}

function openSink({ format, level }: LogOptions, stream: LogStream): Sink {
  const colours = stream.isTTY === true && !process.env.NO_COLOR;
  const render = (entry: LogEntry) => (format === "pretty" ? prettyLine(entry, colours) : jsonText(entry));
  const logger = winston.createLogger({
    levels: { ...LEVELS },
    level,
    format: winston.format.printf((info) => render(info.entry as LogEntry)),
    transports: [new winston.transports.Stream({ stream, eol: "\n" })],
  });
  // A closed pipe (`2>&1 | head`) must not end a backup.
  stream.on("error", ignore);
  return {
    write: (entry) => void logger.log({ level: entry.level, message: "", entry }),
    close: () => closeLogger(logger, stream),
  };
}

async function closeLogger(logger: winston.Logger, stream: LogStream): Promise<void> {
  await new Promise<void>((resolve) => {
    logger.once("finish", resolve);
    logger.end();
  });
  await new Promise<void>((resolve) => {
    stream.write("", () => resolve());
  });
  stream.off("error", ignore);
}

function ignore(): void {
  // There is nowhere left to report it to.
}
