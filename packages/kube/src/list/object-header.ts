import type { Buffer } from "node:buffer";
import {
  BACKSLASH,
  CLOSE_BRACE,
  COLON_BYTE,
  COMMA_BYTE,
  OPEN_BRACE,
  QUOTE_BYTE,
  stringEnd,
  valueEnd,
} from "./json-bytes.ts";

/** What is read of an object without parsing all of it. */
export interface ObjectHeader {
  readonly hasKind: boolean;
  readonly hasApiVersion: boolean;
  /** "" when the object has none. */
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

/**
 * Reads the header of one compact JSON object (no white space outside strings) from its bytes: the names of its
 * top-level fields, and four strings of its `metadata`.
 * @returns undefined when the bytes are no JSON object with a `metadata` object and a name in it
 */
export function readObjectHeader(object: Buffer): ObjectHeader | undefined {
  const found: Found = { hasKind: false, hasApiVersion: false };
  const end = eachField(object, 0, (key, at) => {
    if (key === "kind") found.hasKind = true;
    else if (key === "apiVersion") found.hasApiVersion = true;
    else if (key === "metadata") return readMetadata(object, at, found);
    return undefined;
  });
  if (end !== object.length || found.name === undefined || found.name === "") return undefined;
  return {
    hasKind: found.hasKind,
    hasApiVersion: found.hasApiVersion,
    namespace: found.namespace ?? "",
    name: found.name,
    uid: found.uid ?? "",
    resourceVersion: found.resourceVersion ?? "",
  };
}

interface Found {
  hasKind: boolean;
  hasApiVersion: boolean;
  namespace?: string;
  name?: string;
  uid?: string;
  resourceVersion?: string;
}

function readMetadata(object: Buffer, from: number, found: Found): number {
  return eachField(object, from, (key, at) => {
    if (key !== "namespace" && key !== "name" && key !== "uid" && key !== "resourceVersion") return undefined;
    const end = stringEnd(object, at);
    const text = object[at] === QUOTE_BYTE && end > 0 ? textAt(object, at, end) : undefined;
    if (text === undefined) return -1;
    found[key] = text;
    return end;
  });
}

/** Looks at one field: its key, where its value begins. @returns where the value ends if it knows, -1 for bad bytes. */
type Visit = (key: string, at: number) => number | undefined;

/** Keys longer than this are none of those that are looked for, and need not become text. */
const LONGEST_KEY = "resourceVersion".length;

/** Walks over the fields of the object at `from`. @returns the index behind it; -1 when the bytes are no object */
function eachField(bytes: Buffer, from: number, visit: Visit): number {
  if (bytes[from] !== OPEN_BRACE) return -1;
  if (bytes[from + 1] === CLOSE_BRACE) return from + 2;
  let index = from;
  do {
    const keyStart = index + 1;
    const keyEnd = bytes[keyStart] === QUOTE_BYTE ? stringEnd(bytes, keyStart) : -1;
    if (keyEnd < 0 || bytes[keyEnd] !== COLON_BYTE) return -1;
    const key = keyAt(bytes, keyStart, keyEnd);
    if (key === undefined) return -1;
    index = visit(key, keyEnd + 1) ?? valueEnd(bytes, keyEnd + 1);
    if (index < 0) return -1;
  } while (bytes[index] === COMMA_BYTE);
  return bytes[index] === CLOSE_BRACE ? index + 1 : -1;
}

/** "" for a key that is too long to be one of ours; escapes make a key longer, so those are read when there are any. */
function keyAt(bytes: Buffer, start: number, end: number): string | undefined {
  if (end - start - 2 <= LONGEST_KEY || hasEscape(bytes, start, end)) return textAt(bytes, start, end);
  return "";
}

function textAt(bytes: Buffer, start: number, end: number): string | undefined {
  if (!hasEscape(bytes, start, end)) return bytes.toString("utf8", start + 1, end - 1);
  try {
    return String(JSON.parse(bytes.toString("utf8", start, end)));
  } catch {
    // A broken escape; the caller reports the object.
    return undefined;
  }
}

function hasEscape(bytes: Buffer, start: number, end: number): boolean {
  for (let index = start; index < end; index++) if (bytes[index] === BACKSLASH) return true;
  return false;
}
