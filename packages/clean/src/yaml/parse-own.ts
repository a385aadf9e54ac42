import type { JsonObject, JsonValue } from "@kubeferry/model";
import { setOwn } from "../path.ts";
import { MAX_IMPLICIT_KEY } from "./keys.ts";
import { isPlain, stringValue } from "./scalar.ts";

/**
 * Reads what `emitYaml` writes of an object, in a tenth of the time that the library takes for all of YAML. It knows
 * nothing else: whatever could not have come from there, in any line, is left to the library.
 * @returns undefined for such a text; else what the library would return
 */
export function parseOwn(text: string): JsonObject | undefined {
  // Half of a character is in no file, and the emitter refuses it.
  if (!text.isWellFormed()) return undefined;
  const reader: Reader = { text, at: 0 };
  try {
    const object = readMapping(reader, 0, 1);
    return reader.at === text.length ? object : undefined;
  } catch (error) {
    if (error instanceof NotOurs) return undefined;
    throw error;
  }
}

/** Thrown at the first thing that the emitter does not write. */
class NotOurs extends Error {}

/** Where reading has come to in a text: behind a line break, or behind the indentation of a first key or dash. */
interface Reader {
  readonly text: string;
  at: number;
}

/** The emitter goes over to one line below this; a stranger's text must not exhaust the stack. */
const MAX_DEPTH = 64;
const SPACE = 0x20;
const DASH = 0x2d;
const QUOTE = 0x22;
const LINE_FEED = 0x0a;

/** A key up to its colon; whether it really is plain is looked at by itself. */
const KEY = /(?:[A-Za-z/][\w./-]*(?::[\w./-]+)*|"(?:[^"\\\n]|\\.)*"):(?=[ \n])/y;
const INTEGER = /^(?:0|-?[1-9]\d*)$/;
const DECIMAL = /^-?\d+\.\d+(?:e[-+]\d+)?$/;

/** @param indent of its keys; the reader stands at the first one */
function readMapping(reader: Reader, indent: number, depth: number): JsonObject {
  if (depth > MAX_DEPTH) throw new NotOurs();
  const object: JsonObject = {};
  do {
    const key = readKey(reader);
    if (Object.hasOwn(object, key)) throw new NotOurs();
    setOwn(object, key, readBehindKey(reader, indent, depth));
  } while (atLine(reader, indent));
  return object;
}

function readKey(reader: Reader): string {
  const { text, at } = reader;
  KEY.lastIndex = at;
  if (!KEY.test(text)) throw new NotOurs();
  reader.at = KEY.lastIndex;
  const name = text.slice(at, reader.at - 1);
  if (name.length > MAX_IMPLICIT_KEY) throw new NotOurs();
  return name.charCodeAt(0) === QUOTE ? unquoted(name) : plain(name);
}

function readBehindKey(reader: Reader, indent: number, depth: number): JsonValue {
  if (reader.text.charCodeAt(reader.at) === SPACE) {
    reader.at += 1;
    return readScalar(reader, indent);
  }
  reader.at += 1;
  const deeper = indentAt(reader);
  reader.at += deeper;
  if (deeper === indent) return readSequence(reader, indent, depth + 1);
  if (deeper !== indent + 2) throw new NotOurs();
  return readMapping(reader, deeper, depth + 1);
}

/** @param indent of its dashes; the reader stands at the first one */
function readSequence(reader: Reader, indent: number, depth: number): JsonValue[] {
  if (depth > MAX_DEPTH) throw new NotOurs();
  const items: JsonValue[] = [];
  do {
    if (!isDash(reader)) throw new NotOurs();
    reader.at += 2;
    items.push(readItem(reader, indent, depth));
  } while (atLine(reader, indent, isDash));
  return items;
}

function readItem(reader: Reader, indent: number, depth: number): JsonValue {
  if (isDash(reader)) return readSequence(reader, indent + 2, depth + 1);
  KEY.lastIndex = reader.at;
  return KEY.test(reader.text) ? readMapping(reader, indent + 2, depth + 1) : readScalar(reader, indent);
}

function isDash({ text, at }: Reader): boolean {
  return text.charCodeAt(at) === DASH && text.charCodeAt(at + 1) === SPACE;
}

/**
 * Goes to the next line's first character if it stands at this indentation.
 * @throws NotOurs for one that is further in: it would go on what was read
 */
function atLine(reader: Reader, indent: number, goesOn: (reader: Reader) => boolean = (at) => !isDash(at)): boolean {
  if (reader.at >= reader.text.length) return false;
  const found = indentAt(reader);
  if (found > indent || reader.text.charCodeAt(reader.at + found) === LINE_FEED) throw new NotOurs();
  if (found < indent || !goesOn({ text: reader.text, at: reader.at + found })) return false;
  reader.at += found;
  return true;
}

function indentAt({ text, at }: Reader): number {
  let end = at;
  while (text.charCodeAt(end) === SPACE) end += 1;
  return end - at;
}

/** A value in the rest of a line, or the block literal that begins there. @param indent of what the value stands in */
function readScalar(reader: Reader, indent: number): JsonValue {
  const { text, at } = reader;
  const end = text.indexOf("\n", at);
  if (end < 0) throw new NotOurs();
  reader.at = end + 1;
  const token = text.slice(at, end);
  if (token === "|" || token === "|-") return readLiteral(reader, token, indent);
  if (token.charCodeAt(0) === QUOTE) return unquoted(token);
  const bare = bareValue(token);
  return bare === undefined ? plain(token) : bare;
}

/** @returns undefined for what may be a text */
function bareValue(token: string): JsonValue | undefined {
  switch (token) {
    case "null":
      return null;
    case "true":
      return true;
    case "false":
      return false;
    case "{}":
      return {};
    case "[]":
      return [];
    default:
      return numberIn(token);
  }
}

function numberIn(token: string): number | bigint | undefined {
  const number = Number(token);
  if (INTEGER.test(token)) return Number.isSafeInteger(number) ? number : BigInt(token);
  return DECIMAL.test(token) && Number.isFinite(number) ? number : undefined;
}

function plain(token: string): string {
  if (!isPlain(token)) throw new NotOurs();
  return token;
}

function unquoted(token: string): string {
  try {
    const value: unknown = JSON.parse(token);
    if (typeof value === "string") return value;
  } catch {
    // In quotes as YAML knows them, or with something behind them.
  }
  throw new NotOurs();
}

/** Reads the lines and then asks the emitter whether it would write them so: which of them mean something else is its knowledge. */
function readLiteral(reader: Reader, mark: "|" | "|-", indent: number): string {
  const { text, at } = reader;
  const lead = `\n${" ".repeat(indent + 2)}`;
  const lines: string[] = [];
  while (reader.at < text.length && (text.charCodeAt(reader.at) === LINE_FEED || indentAt(reader) >= indent + 2)) {
    const end = text.indexOf("\n", reader.at);
    if (end < 0) throw new NotOurs();
    lines.push(text.slice(Math.min(reader.at + indent + 2, end), end));
    reader.at = end + 1;
  }
  const value = lines.join("\n") + (mark === "|" ? "\n" : "");
  const written = stringValue(value, lead.slice(0, -2));
  if (written !== `${mark}\n${text.slice(at, reader.at - 1)}`) throw new NotOurs();
  return value;
}
