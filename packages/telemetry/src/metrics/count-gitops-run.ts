import { countDuration, NO_RUNS } from "./count-run.ts";
import type { GitOpsCounters, GitOpsRunStatus } from "./gitops-samples.ts";

/** Before the first run. */
export const NO_GITOPS_RUNS: GitOpsCounters = { runs: {}, durations: NO_RUNS.durations };

/** Adds a run, however it ended. */
export function countGitOpsRun(before: GitOpsCounters, status: GitOpsRunStatus, durationMs: number): GitOpsCounters {
  const runs = { ...before.runs, [status]: (before.runs[status] ?? 0) + 1 };
  return { runs, durations: countDuration(before.durations, durationMs) };
}

/** Counts of two processes together. */
export function addGitOpsCounters(one: GitOpsCounters, other: GitOpsCounters): GitOpsCounters {
  const [left, right] = [one.durations, other.durations];
  return {
    runs: added(one.runs, other.runs),
    durations: {
      count: left.count + right.count,
      sumMs: left.sumMs + right.sumMs,
      buckets: added(left.buckets, right.buckets),
    },
  };
}

/** Number by number; what only one of them has is that one's. */
export function added<Name extends string>(
  one: Readonly<Partial<Record<Name, number>>>,
  other: Readonly<Partial<Record<Name, number>>>,
): Record<Name, number> {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])] as Name[];
  const sums = names.map((name) => [name, (one[name] ?? 0) + (other[name] ?? 0)]);
  return Object.fromEntries(sums) as Record<Name, number>;
}
