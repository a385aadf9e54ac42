import { hash } from "node:crypto";
import type { ObjectKey } from "@kubeferry/model";

/**
 * What a segment holds on average, before compression: small enough to write again for one change, large enough to
 * compress well. Another size cuts every type anew, which is one whole rewrite; readers do not ask for it. Figures: docs/adr/0040-segments-of-one-mib.md.
 */
const TARGET_RAW_BYTES = 1024 * 1024;
/** A segment never exceeds so many times that, unless one object alone does. */
const MAX_TIMES_TARGET = 4;
const FRACTION_BYTES = 6;

/**
 * Says whether a segment ends behind this object.
 *
 * The answer depends on nothing but the object's own key and size: a new or deleted object changes the segment it
 * stands in (and its neighbour when it was a border), and every other border stays, so that all other segments are
 * named again. Cutting every n objects or bytes would move each border behind the change. The chance grows with the
 * object's size, so that segments hold about 1 MiB whether objects are small or large.
 * @param itemBytes of the object's line, line feed included
 */
export function endsSegment(key: ObjectKey, itemBytes: number, targetBytes = TARGET_RAW_BYTES): boolean {
  return fraction(key) < itemBytes / targetBytes;
}

/** True when an object no longer fits into a segment that holds so many bytes. */
export function overflows(heldBytes: number, itemBytes: number, targetBytes = TARGET_RAW_BYTES): boolean {
  return heldBytes > 0 && heldBytes + itemBytes > MAX_TIMES_TARGET * targetBytes;
}

/** A number from 0 up to 1 that is fixed for a key and spread evenly over keys. */
function fraction(key: ObjectKey): number {
  const digest = hash("sha256", key, "buffer");
  return digest.readUIntBE(0, FRACTION_BYTES) / 2 ** (8 * FRACTION_BYTES);
}
