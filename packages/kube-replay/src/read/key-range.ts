import { compareUtf8, objectKey } from "@kubeferry/model";
import type { SegmentRef, TypeEntry } from "@kubeferry/snapshot";

/** Keys from `first` up to, but without, `end`; in the order of their UTF-8 bytes. */
export interface KeyRange {
  readonly first: string;
  /** Undefined: to the last one. */
  readonly end: string | undefined;
  /** Only `first` itself is in it. */
  readonly single: boolean;
}

/** Where the objects lie that are asked for: all, those of one namespace, or the only one of a name. */
export function keyRangeOf(type: TypeEntry, namespace: string | undefined, name: string | undefined): KeyRange {
  if (name !== undefined && (namespace !== undefined || !type.namespaced)) {
    const key = objectKey(type.namespaced ? namespace : undefined, name);
    return { first: key, end: `${key}\0`, single: true };
  }
  // "0" comes behind "/": no key of the namespace does.
  return namespace === undefined
    ? { first: "", end: undefined, single: false }
    : { first: `${namespace}/`, end: `${namespace}0`, single: false };
}

/** The segments that could hold some of them; nothing else of the type has to be read. */
export function segmentsIn({ segments }: TypeEntry, range: KeyRange): SegmentRef[] {
  return segments.filter(({ first, last }) => compareUtf8(last, range.first) >= 0 && !isBehind(first, range));
}

/** True for a key that is in the range. */
export function isIn(key: string, range: KeyRange): boolean {
  return compareUtf8(key, range.first) >= 0 && !isBehind(key, range);
}

function isBehind(key: string, { end }: KeyRange): boolean {
  return end !== undefined && compareUtf8(key, end) >= 0;
}
