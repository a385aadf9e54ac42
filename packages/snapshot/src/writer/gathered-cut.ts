import { Buffer } from "node:buffer";
import type { CapturedObject, ObjectVersion } from "../snapshots.ts";

/** Doubled until all lines fit: nearly all types have a few kilobytes. */
const FIRST_BYTES = 64 * 1024;
/** What a cut holds at most, unless one object alone is larger. A buffer above that is let go. */
const KEPT_BYTES = 4 * 1024 * 1024;

/**
 * Objects between two borders, their lines one behind the other. They lie in a buffer that serves for one cut after the
 * other: what a cut held would else wait for a collection of all memory, as would the copy that joins its lines.
 */
export interface GatheredCut {
  /** Of all lines, line feeds included. */
  readonly bytes: number;
  /** Takes an object; its line is copied. */
  add(object: CapturedObject): void;
  /** The objects, with lines that hold until `clear`. */
  objects(): readonly CapturedObject[];
  /** Makes room for the next cut. */
  clear(): void;
}

/** Starts with nothing gathered, and no memory taken. */
export function createGatheredCut(): GatheredCut {
  const places: { readonly version: ObjectVersion; readonly start: number; readonly end: number }[] = [];
  let buffer: Buffer = Buffer.alloc(0);
  let bytes = 0;
  return {
    get bytes() {
      return bytes;
    },
    add({ key, uid, resourceVersion, line }) {
      buffer = withRoom(buffer, bytes, line.length + 1);
      const end = bytes + line.copy(buffer, bytes);
      places.push({ version: { key, uid, resourceVersion }, start: bytes, end });
      bytes = buffer.writeUInt8(LINE_FEED, end);
    },
    objects: () => places.map(({ version, start, end }) => ({ ...version, line: buffer.subarray(start, end) })),
    clear() {
      places.length = 0;
      bytes = 0;
      if (buffer.length > KEPT_BYTES) buffer = Buffer.alloc(0);
    },
  };
}

const LINE_FEED = 0x0a;

/** The buffer itself, or a larger one with what it holds. */
function withRoom(buffer: Buffer, held: number, more: number): Buffer {
  if (held + more <= buffer.length) return buffer;
  let size = Math.max(FIRST_BYTES, buffer.length);
  while (size < held + more) size *= 2;
  const larger = Buffer.allocUnsafeSlow(size);
  buffer.copy(larger, 0, 0, held);
  return larger;
}
