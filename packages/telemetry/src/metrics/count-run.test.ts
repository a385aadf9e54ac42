import { describe, expect, it } from "vitest";
import { countFailedRun, countFailuresSince, countRun, largerCounters, NO_RUNS } from "./count-run.ts";

const START = new Date("2026-03-01T02:00:00Z");

function ran(seconds: number, complete = true) {
  const finishedAt = new Date(START.getTime() + seconds * 1000);
  return { complete, objects: 100, errors: complete ? 0 : 3, startedAt: START, finishedAt };
}

describe("counters carried from run to run", () => {
  it("add up what committed runs hold, and where their durations lie", () => {
    const counters = countRun(countRun(NO_RUNS, ran(4)), ran(40, false));
    expect(counters).toMatchObject({ failedRuns: 0, objects: 200, objectErrors: 3 });
    expect(counters.durations).toMatchObject({ count: 2, sumMs: 44_000 });
    expect(counters.durations.buckets).toMatchObject({ 1: 0, 5: 1, 30: 1, 60: 2, 7200: 2 });
    expect(counters).toMatchObject({
      lastCompleteAt: "2026-03-01T02:00:04.000Z",
      lastPartialAt: "2026-03-01T02:00:40.000Z",
    });
  });

  it("count a failed run as a run and as an error, and its objects not at all", () => {
    const counters = countFailedRun(countRun(NO_RUNS, ran(4)), 2_000);
    expect(counters).toMatchObject({ failedRuns: 1, objects: 100, durations: { count: 2, sumMs: 6_000 } });
    expect(counters.lastCompleteAt).toBe("2026-03-01T02:00:04.000Z");
  });

  it("take up each failure of the lease once, also when the lease was removed meanwhile", () => {
    const first = countFailuresSince(NO_RUNS, 2);
    expect(first).toMatchObject({ failedRuns: 2, leaseFailedRuns: 2, durations: { count: 2 } });
    expect(countFailuresSince(first, 2)).toEqual(first);
    expect(countFailuresSince(first, 3)).toMatchObject({ failedRuns: 3, leaseFailedRuns: 3, durations: { count: 3 } });
    expect(countFailuresSince(first, 1)).toMatchObject({ failedRuns: 3, leaseFailedRuns: 1, durations: { count: 3 } });
  });

  it("never fall behind what was pushed, nor behind what the store knows", () => {
    const stored = countRun(countRun(NO_RUNS, ran(4)), ran(4));
    const pushed = countFailedRun(countRun(NO_RUNS, ran(4)), 500);
    expect(largerCounters(stored, pushed)).toMatchObject({
      failedRuns: 1,
      objects: 200,
      durations: { count: 2, sumMs: 8_000, buckets: { 1: 1, 5: 2 } },
    });
  });

  it("do not go back when the clock did", () => {
    expect(countFailedRun(NO_RUNS, -5_000).durations).toMatchObject({ count: 1, sumMs: 0 });
  });
});
