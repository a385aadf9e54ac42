import type { Buffer } from "node:buffer";
import { type ObjectKey, objectKey } from "@kubeferry/model";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;

/**
 * The key of the object on a line, read from its own metadata. Only the members in front of `metadata`, and those in
 * it, are walked: in what API servers send it stands at or near the start, so this costs a fraction of parsing.
 * @returns undefined when the line is no object with a name in its metadata
 */
export function lineKey(line: Buffer): ObjectKey | undefined {
  const metadata = findMembers(line, 0, ["metadata"]).get("metadata");
  if (metadata === undefined) return undefined;
  const members = findMembers(line, metadata, ["name", "namespace"]);
  const name = stringAt(line, members.get("name"));
  if (name === undefined || name === "") return undefined;
  return objectKey(stringAt(line, members.get("namespace")), name);
}

/** Where the values of the wanted members of the object at `at` start. Lines hold no white space outside strings. */
function findMembers(line: Buffer, at: number, wanted: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  if (line[at] !== 0x7b) return found;
  let position = at + 1;
  while (line[position] === QUOTE) {
    const keyEnd = stringEnd(line, position);
    if (line[keyEnd] !== COLON) return found;
    const key = line.toString("latin1", position + 1, keyEnd - 1);
    if (wanted.includes(key)) found.set(key, keyEnd + 1);
    if (found.size === wanted.length) return found;
    position = valueEnd(line, keyEnd + 1);
    if (line[position] !== COMMA) return found;
    position++;
  }
  return found;
}

/** Behind the closing quote of the string that opens at `at`; the line's length when it never closes. */
function stringEnd(line: Buffer, at: number): number {
  let quote = line.indexOf(QUOTE, at + 1);
  while (quote !== -1 && isEscaped(line, quote)) quote = line.indexOf(QUOTE, quote + 1);
  return quote === -1 ? line.length : quote + 1;
}

function isEscaped(line: Buffer, quote: number): boolean {
  let backslashes = 0;
  while (line[quote - 1 - backslashes] === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

function valueEnd(line: Buffer, at: number): number {
  let depth = 0;
  let position = at;
  while (position < line.length) {
    const byte = line[position];
    if (byte === QUOTE) {
      position = stringEnd(line, position);
      if (depth === 0) return position;
      continue;
    }
    if (byte === 0x7b || byte === 0x5b) depth++;
    else if (byte === 0x7d || byte === 0x5d) {
      if (depth === 0) return position;
      depth--;
      if (depth === 0) return position + 1;
    } else if (byte === COMMA && depth === 0) return position;
    position++;
  }
  return position;
}

function stringAt(line: Buffer, at: number | undefined): string | undefined {
  if (at === undefined || line[at] !== QUOTE) return undefined;
  try {
    return JSON.parse(line.toString("utf8", at, stringEnd(line, at))) as string;
  } catch {
    return undefined;
  }
}
