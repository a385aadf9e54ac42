import { compareUtf8 } from "@kubeferry/model";
import type { SegmentRef } from "../manifest.ts";

/** The first key in segments whose keys may lie between each other's; "" for none. */
export function firstOf(segments: readonly SegmentRef[]): string {
  return segments.map(({ first }) => first).sort(compareUtf8)[0] ?? "";
}

/** The last key in them. */
export function lastOf(segments: readonly SegmentRef[]): string {
  return (
    segments
      .map(({ last }) => last)
      .sort(compareUtf8)
      .at(-1) ?? ""
  );
}

/** The sum of a figure over them. */
export function totalOf(segments: readonly SegmentRef[], figure: (segment: SegmentRef) => number): number {
  return segments.reduce((sum, segment) => sum + figure(segment), 0);
}
