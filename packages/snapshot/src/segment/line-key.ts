import { Buffer } from "node:buffer";
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
  const [metadata] = findMembers(line, 0, METADATA);
  if (metadata === undefined) return undefined;
  const [name, namespace] = findMembers(line, metadata, NAMES).map((at) => stringAt(line, at));
  if (name === undefined || name === "") return undefined;
  return objectKey(namespace, name);
}

const METADATA = [Buffer.from("metadata")];
const NAMES = [Buffer.from("name"), Buffer.from("namespace")];

/** Where the values of the wanted members of the object at `at` start. Lines hold no white space outside strings. */
function findMembers(line: Buffer, at: number, wanted: readonly Buffer[]): (number | undefined)[] {
  const found = wanted.map((): number | undefined => undefined);
  let missing = wanted.length;
  if (line[at] !== 0x7b) return found;
  let position = at + 1;
  while (line[position] === QUOTE) {
    const keyEnd = stringEnd(line, position);
    if (line[keyEnd] !== COLON) return found;
    const which = wanted.findIndex((key) => isTextAt(line, position, keyEnd, key));
    if (which !== -1) {
      if (found[which] === undefined) missing--;
      found[which] = keyEnd + 1;
    }
    if (missing === 0) return found;
    position = valueEnd(line, keyEnd + 1);
    if (line[position] !== COMMA) return found;
    position++;
  }
  return found;
}

/** True when the string from one quote to behind the other is this text, byte for byte. */
function isTextAt(line: Buffer, at: number, end: number, text: Buffer): boolean {
  if (end - at - 2 !== text.length) return false;
  for (let index = 0; index < text.length; index++) if (line[at + 1 + index] !== text[index]) return false;
  return true;
}

/** Behind the closing quote of the string that opens at `at`; the line's length when it never closes. */
function stringEnd(line: Buffer, at: number): number {
  let position = at + 1;
  while (position < line.length) {
    const byte = line[position];
    if (byte === QUOTE) return position + 1;
    position += byte === BACKSLASH ? 2 : 1;
  }
  return line.length;
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
