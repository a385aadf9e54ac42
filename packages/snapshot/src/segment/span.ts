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

/** The sum of a figure over segments, or over their objects. */
export function totalOf<Part>(parts: readonly Part[], figure: (part: Part) => number): number {
  return parts.reduce((sum, part) => sum + figure(part), 0);
}
