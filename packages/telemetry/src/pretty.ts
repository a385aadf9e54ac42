import { styleText } from "node:util";
import type { LogEntry, LogLevel } from "./entry.ts";

const STYLES = { debug: "gray", info: "green", warn: "yellow", error: "red" } as const satisfies Record<
  LogLevel,
  string
>;

/** One entry for people: time of day, level, message, then the fields as `name=value`; a stack below it. */
export function prettyLine(entry: LogEntry, colours: boolean): string {
  const { timestamp, level, message, component, data, run_id: _run, trace_id: _trace, ...known } = entry;
  const name = level.padEnd(5);
  const shownLevel = colours ? styleText(STYLES[level], name, { validateStream: false }) : name;
  const { error, ...other } = asRecord(data);
  const ofData = Object.entries(other).filter(([key, value]) => asRecord(known)[key] !== value);
  const fields = [...Object.entries(known), ...ofData].map(([key, value]) => `${key}=${shown(value)}`);
  const head = [timestamp.slice(11, 19), shownLevel, printable(message), ...fields].join(" ");
  const stack = asRecord(error).stack;
  return typeof stack === "string"
    ? `${head}\n${stack
        .split("\n")
        .map((line) => `    ${printable(line)}`)
        .join("\n")}`
    : head;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function shown(value: unknown): string {
  if (typeof value === "string" && /^[^\s"=\p{C}]+$/u.test(value)) return value;
  return printable(JSON.stringify(value) ?? "");
}

// Names come from strangers: an escape sequence in one must not reach the terminal.
function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}
