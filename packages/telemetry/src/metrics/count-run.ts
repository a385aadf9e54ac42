import type { DurationCounts, RunCounters } from "@kubeferry/model";

/** Upper bounds in seconds: from a small cluster's two seconds to a large one's two hours. */
export const DURATION_BOUNDS_SECONDS: readonly number[] = [1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200];

/** Before the first run. */
export const NO_RUNS: RunCounters = {
  failedRuns: 0,
  leaseFailedRuns: 0,
  objects: 0,
  objectErrors: 0,
  durations: { count: 0, sumMs: 0, buckets: {} },
};

/** A run that committed. */
export interface CountedRun {
  readonly complete: boolean;
  readonly objects: number;
  /** Failures and unread types. */
  readonly errors: number;
  readonly startedAt: Date;
  /** When it was about to commit. */
  readonly finishedAt: Date;
}

/** Adds a run that committed. */
export function countRun(before: RunCounters, run: CountedRun): RunCounters {
  const at = run.finishedAt.toISOString();
  return {
    ...before,
    objects: before.objects + run.objects,
    objectErrors: before.objectErrors + run.errors,
    durations: countDuration(before.durations, run.finishedAt.getTime() - run.startedAt.getTime()),
    ...(run.complete ? { lastCompleteAt: at } : { lastPartialAt: at }),
  };
}

/** Adds a run that ended without a snapshot. */
export function countFailedRun(before: RunCounters, durationMs: number): RunCounters {
  const durations = countDuration(before.durations, durationMs);
  return { ...before, failedRuns: before.failedRuns + 1, durations };
}

/**
 * Adds the failed runs that the lease counted since these counters were written. How long those took is not known: they
 * count as runs of no length.
 * @param leaseFailedRuns what the lease has counted in all; less than before when somebody removed it
 */
export function countFailuresSince(before: RunCounters, leaseFailedRuns: number): RunCounters {
  const removed = leaseFailedRuns < before.leaseFailedRuns;
  const added = removed ? leaseFailedRuns : leaseFailedRuns - before.leaseFailedRuns;
  const { count, sumMs, buckets } = before.durations;
  const durations = { count: count + added, sumMs, buckets: addToBuckets(buckets, 0, added) };
  return { ...before, failedRuns: before.failedRuns + added, leaseFailedRuns, durations };
}

/**
 * The larger of both, number by number: what the store knows, and what was last pushed. A run that could not reach the
 * store is only in the second; a gateway that lost its memory knows only a part of the first.
 */
export function largerCounters(stored: RunCounters, pushed: PushedCounters): RunCounters {
  const { durations } = stored;
  const bounds = new Set([...Object.keys(durations.buckets), ...Object.keys(pushed.durations.buckets)]);
  const buckets = [...bounds].map((bound): [string, number] => [
    bound,
    Math.max(durations.buckets[bound] ?? 0, pushed.durations.buckets[bound] ?? 0),
  ]);
  return {
    ...stored,
    failedRuns: Math.max(stored.failedRuns, pushed.failedRuns),
    objects: Math.max(stored.objects, pushed.objects),
    objectErrors: Math.max(stored.objectErrors, pushed.objectErrors),
    durations: {
      count: Math.max(durations.count, pushed.durations.count),
      sumMs: Math.max(durations.sumMs, pushed.durations.sumMs),
      buckets: Object.fromEntries(buckets),
    },
  };
}

/** The part of the counters that a metrics store has seen. */
export type PushedCounters = Pick<RunCounters, "failedRuns" | "objects" | "objectErrors" | "durations">;

/** Adds one run to a histogram. */
export function countDuration({ count, sumMs, buckets }: DurationCounts, durationMs: number): DurationCounts {
  // Clocks are set back now and then; a counter never is.
  const tookMs = Math.max(0, Math.round(durationMs));
  return { count: count + 1, sumMs: sumMs + tookMs, buckets: addToBuckets(buckets, tookMs / 1000, 1) };
}

function addToBuckets(buckets: DurationCounts["buckets"], seconds: number, runs: number): DurationCounts["buckets"] {
  const added = DURATION_BOUNDS_SECONDS.map((bound): [string, number] => [
    String(bound),
    (buckets[bound] ?? 0) + (seconds <= bound ? runs : 0),
  ]);
  return Object.fromEntries(added);
}
