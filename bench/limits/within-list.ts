import type { Claim } from "../frame/measure.ts";

/**
 * Holds a run's wall time against the limit `list`, a subject of the same suite.
 * @param inCi the margin for few objects, where what every run costs weighs more than lists do
 */
export function withinList(subject: string, lists: number, inCi?: number): Claim {
  return {
    what: `${subject} ≤ ${lists} × list`,
    ratio: (round) => round(subject).wallMs / round("list").wallMs,
    wanted: { atMost: lists },
    ...(inCi === undefined ? {} : { inCi: { atMost: inCi } }),
  };
}
