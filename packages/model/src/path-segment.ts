import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

/** The longest segment written as it is; file systems and S3 servers refuse 256 bytes, and an ending comes behind. */
const MAX_SEGMENT_BYTES = 200;
const HASH_DIGITS = 16;

/**
 * Turns a name that a stranger chose into one path segment, the same everywhere and never two names into one.
 * Letters, digits, `.`, `_` and `-` stay; all else is percent-encoded by its UTF-8 bytes, and so are a leading `.` or
 * `-`. A segment over 200 bytes, or with a capital letter (file systems may fold case), ends in `~` and 16 hex digits
 * of the name's SHA-256; the true name is in the file.
 */
export function pathSegment(name: string): string {
  const encoded = percentEncode(name);
  if (encoded.length <= MAX_SEGMENT_BYTES && !/[A-Z]/.test(name)) return encoded;
  const hash = createHash("sha256").update(name, "utf8").digest("hex").slice(0, HASH_DIGITS);
  return `${cut(encoded, MAX_SEGMENT_BYTES - HASH_DIGITS - 1)}~${hash}`;
}

/** What is written as it is; so is nearly every name. */
const PLAIN = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;

function percentEncode(name: string): string {
  if (PLAIN.test(name)) return name;
  const encoded: string[] = [];
  for (const [index, byte] of Buffer.from(name, "utf8").entries()) {
    const char = String.fromCharCode(byte);
    const plain = index === 0 ? /[A-Za-z0-9_]/.test(char) : /[A-Za-z0-9._-]/.test(char);
    encoded.push(plain ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`);
  }
  return encoded.join("");
}

function cut(encoded: string, length: number): string {
  return encoded.slice(0, length).replace(/%[0-9A-F]?$/, "");
}
