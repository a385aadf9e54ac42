import type { LogFields } from "@kubeferry/model";
import { errorText } from "./describe-error.ts";
import { plainValue } from "./plain-value.ts";
import type { Redactor } from "./redactor.ts";

/** How important a line is. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** One line, in the order in which its fields are written; all of it is plain and redacted. */
export type LogEntry = Readonly<Record<string, unknown>> & {
  readonly timestamp: string;
  readonly level: LogLevel;
  readonly message: string;
};

/** What a line is made of. */
export interface EntryParts {
  readonly at: Date;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

// Written in this order; people and log stores know these names. All other fields go below `data`.
const BEFORE_MESSAGE = ["component", "cluster", "namespace", "resource", "operation"] as const;
const AFTER_DATA = ["duration_ms", "error", "run_id", "trace_id"] as const;
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["durationMs", "duration_ms"],
  ["runId", "run_id"],
  ["traceId", "trace_id"],
]);

/** Makes one line of a message and its fields. */
export function toEntry({ at, level, message, fields }: EntryParts, redactor: Redactor): LogEntry {
  const { known, data } = sortFields(fields);
  const plain = (value: unknown) => plainValue(value, redactor);
  const entry: Record<string, unknown> = { timestamp: timestamp(at), level };
  for (const name of BEFORE_MESSAGE) if (known.has(name)) entry[name] = plain(known.get(name));
  entry.message = redactor.text(message);
  if (data.size > 0) entry.data = plain(data);
  for (const name of AFTER_DATA) if (known.has(name)) entry[name] = plain(known.get(name));
  return entry as LogEntry;
}

interface SortedFields {
  readonly known: ReadonlyMap<string, unknown>;
  readonly data: ReadonlyMap<string, unknown>;
}

function sortFields(fields: LogFields): SortedFields {
  const known = new Map<string, unknown>();
  const data = new Map<string, unknown>();
  for (const [key, value] of Object.entries(fields)) {
    const name = ALIASES.get(key) ?? key;
    if (value === undefined) continue;
    if (name === "error" && value instanceof Error) {
      known.set(name, errorText(value));
      data.set(name, value);
    } else if (name === "data" && isPlainObject(value)) {
      for (const [inner, innerValue] of Object.entries(value)) data.set(inner, innerValue);
    } else if (isKnown(name, value)) known.set(name, value);
    else data.set(name, value);
  }
  return { known, data };
}

// A log store takes one type a field: anything else under a known name goes below `data`.
function isKnown(name: string, value: unknown): boolean {
  if (name === "duration_ms") return typeof value === "number";
  return typeof value === "string" && [...BEFORE_MESSAGE, ...AFTER_DATA].some((known) => known === name);
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

// "2025-07-12T22:06:58Z", and the milliseconds where there are any.
function timestamp(at: Date): string {
  return at.toISOString().replace(".000Z", "Z");
}
