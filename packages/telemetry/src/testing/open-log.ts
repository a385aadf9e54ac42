import { Buffer } from "node:buffer";
import { PassThrough } from "node:stream";
import { createLog, type LogOptions, type RootLog } from "../create-log.ts";

/** When every line of these logs is written. */
const AT = new Date("2025-07-12T22:06:58Z");

/** A log and what came out of it. */
export interface Lines {
  readonly log: RootLog;
  text(): string;
  json(): Record<string, unknown>[];
}

/** Opens a log, JSON and debug unless said, whose lines stay in memory. */
export function openLog(options: Partial<LogOptions> & { readonly terminal?: boolean } = {}): Lines {
  const stream = Object.assign(new PassThrough(), { isTTY: options.terminal === true });
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const log = createLog({ level: "debug", format: "json", component: "backup", now: () => AT, stream, ...options });
  const text = () => Buffer.concat(chunks).toString();
  return {
    log,
    text,
    json: () =>
      text()
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}
