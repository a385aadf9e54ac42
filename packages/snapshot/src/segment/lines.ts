import { Buffer } from "node:buffer";
import { type JsonValue, parseJson } from "@kubeferry/model";
import type { ReadableObject } from "../snapshots.ts";

const LINE_FEED = 0x0a;
const LINE_FEED_BYTES = Buffer.from("\n");

/** NDJSON: every line ends in a line feed, the last one too. Lines that lie in memory like that are not copied. */
export function joinLines(lines: readonly Buffer[]): Buffer {
  return joinedAlready(lines) ?? Buffer.concat(lines.flatMap((line) => [line, LINE_FEED_BYTES]));
}

function joinedAlready(lines: readonly Buffer[]): Buffer | undefined {
  const [first] = lines;
  if (first === undefined) return undefined;
  const memory = Buffer.from(first.buffer);
  let end = first.byteOffset;
  for (const { buffer, byteOffset, length } of lines) {
    if (buffer !== first.buffer || byteOffset !== end || memory[end + length] !== LINE_FEED) return undefined;
    end += length + 1;
  }
  return memory.subarray(first.byteOffset, end);
}

/**
 * Splits NDJSON into its lines, as views on `raw`, without their line feeds.
 * @returns undefined when the last line does not end in a line feed
 */
export function splitLines(raw: Buffer): Buffer[] | undefined {
  const lines: Buffer[] = [];
  let start = 0;
  while (start < raw.length) {
    const end = raw.indexOf(LINE_FEED, start);
    if (end === -1) return undefined;
    lines.push(raw.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

/** True when bytes can stand on one line. */
export function isOneLine(line: Buffer): boolean {
  return line.length > 0 && !line.includes(LINE_FEED);
}

/** The value of an object's line; undefined where it is no JSON. One that others may have as well is to be read alone. */
export function parsedLine({ line, parsed }: Pick<ReadableObject, "line" | "parsed">): JsonValue | undefined {
  return parsed === undefined ? parseOrUndefined(line.toString("utf8")) : parsed();
}

/** The value of a line; undefined for one that is no JSON. */
function parseOrUndefined(line: string): JsonValue | undefined {
  try {
    return parseJson(line);
  } catch {
    return undefined;
  }
}
