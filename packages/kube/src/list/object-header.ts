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

/** What is known of an object before it is read; the more, the sooner reading stops. */
export interface Expected {
  /** False: it has no namespace to look for. */
  readonly namespaced: boolean;
  /** True: the objects before it in its list had neither kind nor apiVersion. */
  readonly bare: boolean;
}

/**
 * Reads the header of one compact JSON object (no white space outside strings) from its bytes: the names of its
 * top-level fields, and four strings of its `metadata`. It stops when all of them are known, which for most objects is
 * in their first bytes; what comes behind is not looked at.
 * @returns undefined when the bytes read are no JSON object with a `metadata` object and a name in it
 */
export function readObjectHeader(object: Buffer, expected: Expected): ObjectHeader | undefined {
  const found: Found = { hasKind: false, hasApiVersion: false };
  const end = eachField(object, 0, (key, at) => {
    if (key === "kind") found.hasKind = true;
    else if (key === "apiVersion") found.hasApiVersion = true;
    else if (key === "metadata") return readMetadata(object, at, found, expected);
    return undefined;
  });
  if (end === BROKEN || (end !== STOPPED && end !== object.length) || !found.name) return undefined;
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

/** Instead of an index: the bytes are no JSON. */
const BROKEN = -1;
/** Instead of an index: everything wanted is known. */
const STOPPED = -2;

function readMetadata(object: Buffer, from: number, found: Found, expected: Expected): number {
  return eachField(object, from, (key, at) => {
    if (key !== "namespace" && key !== "name" && key !== "uid" && key !== "resourceVersion") return undefined;
    const end = stringEnd(object, at);
    const text = object[at] === QUOTE_BYTE && end > 0 ? textAt(object, at, end) : undefined;
    if (text === undefined) return BROKEN;
    found[key] = text;
    return isAllKnown(found, expected) ? STOPPED : end;
  });
}

function isAllKnown(found: Found, { namespaced, bare }: Expected): boolean {
  if (found.name === undefined || found.uid === undefined || found.resourceVersion === undefined) return false;
  if (namespaced && found.namespace === undefined) return false;
  return bare || (found.hasKind && found.hasApiVersion);
}

/** Looks at one field: its key, where its value begins. @returns where the value ends if it knows, BROKEN or STOPPED. */
type Visit = (key: string, at: number) => number | undefined;

/** Keys of another length are none of those that are looked for, and need not become text. */
const LENGTHS: ReadonlySet<number> = new Set(
  ["kind", "apiVersion", "metadata", "namespace", "name", "uid", "resourceVersion"].map(({ length }) => length),
);

/** Walks over the fields of the object at `from`. @returns the index behind it, BROKEN or STOPPED. */
function eachField(bytes: Buffer, from: number, visit: Visit): number {
  if (bytes[from] !== OPEN_BRACE) return BROKEN;
  if (bytes[from + 1] === CLOSE_BRACE) return from + 2;
  let index = from;
  do {
    const keyStart = index + 1;
    const keyEnd = bytes[keyStart] === QUOTE_BYTE ? stringEnd(bytes, keyStart) : -1;
    if (keyEnd < 0 || bytes[keyEnd] !== COLON_BYTE) return BROKEN;
    const key = keyAt(bytes, keyStart, keyEnd);
    if (key === undefined) return BROKEN;
    index = visit(key, keyEnd + 1) ?? valueEnd(bytes, keyEnd + 1);
    if (index < 0) return index;
  } while (bytes[index] === COMMA_BYTE);
  return bytes[index] === CLOSE_BRACE ? index + 1 : BROKEN;
}

/** "" for a key that is by its length none of ours; escapes make a key longer, so those are read when there are any. */
function keyAt(bytes: Buffer, start: number, end: number): string | undefined {
  if (LENGTHS.has(end - start - 2) || hasEscape(bytes, start, end)) return textAt(bytes, start, end);
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
