import type { SegmentRef } from "../manifest.ts";

/** Segments that follow each other in the order of keys. */
export type Run = readonly SegmentRef[];

/**
 * A type's open segments and its sealed ones, whose keys lie between each other's; one run where all are of one sort. Hardly
 * any type has both, and merging costs each object as much as reading its line.
 */
export function runsOf(segments: Run): readonly [Run] | readonly [open: Run, sealed: Run] {
  const open = segments.filter(({ sealed }) => sealed === undefined);
  if (open.length === 0 || open.length === segments.length) return [segments];
  return [open, segments.filter(({ sealed }) => sealed !== undefined)];
}
