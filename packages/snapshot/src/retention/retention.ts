import type { RetentionPolicy } from "@kubeferry/model";
import { type Period, periodName } from "./period.ts";

/** What retention knows of a snapshot. */
export interface DatedSnapshot {
  readonly sequence: number;
  /** RFC 3339, UTC. */
  readonly finishedAt: string;
  readonly complete: boolean;
}

const PERIODS: readonly Period[] = ["hourly", "daily", "weekly", "monthly"];
const UNITS = [
  [24 * 60 * 60 * 1000, "d"],
  [60 * 60 * 1000, "h"],
  [60 * 1000, "m"],
  [1000, "s"],
] as const;

/** True when a policy says anything, so that snapshots may go. */
export function limitsSnapshots({ keepLast, withinMs, ...periods }: RetentionPolicy): boolean {
  return [keepLast, withinMs, ...PERIODS.map((period) => periods[period])].some((value) => value !== undefined);
}

/**
 * Says which snapshots of one series stay, and why. Times are the manifests', in UTC, and order is by sequence. The newest and the newest complete one always stay. Of a period the newest complete one stays, or the newest
 * where none is complete.
 * @param snapshots in any order
 * @param now a run whose clock was years ahead must not make all others look old; left out, no clock is looked at
 * @returns the reasons of each that stays, by sequence: "newest", "keepLast 3", "daily 2026-11-20"; the others may go
 */
export function decideRetention(
  snapshots: readonly DatedSnapshot[],
  policy: RetentionPolicy,
  now?: Date,
): ReadonlyMap<number, readonly string[]> {
  const newestFirst = [...snapshots].sort((left, right) => right.sequence - left.sequence);
  const reasons = new Map<number, string[]>();
  function keep(found: DatedSnapshot | undefined, reason: string): void {
    if (found !== undefined) reasons.set(found.sequence, [...(reasons.get(found.sequence) ?? []), reason]);
  }
  const [newest] = newestFirst;
  keep(newest, "newest");
  keep(newestFirst.find(isComplete), "newest complete");
  if (!limitsSnapshots(policy)) {
    for (const found of newestFirst) keep(found, "nothing is configured to go");
    return reasons;
  }
  const { keepLast = 0, withinMs } = policy;
  for (const found of newestFirst.slice(0, keepLast)) keep(found, `keepLast ${keepLast}`);
  for (const period of PERIODS) {
    for (const [name, found] of newestPeriods(newestFirst, period, policy[period] ?? 0))
      keep(found, `${period} ${name}`);
  }
  if (withinMs !== undefined && newest !== undefined) {
    const ends = Math.min(Date.parse(newest.finishedAt), now?.getTime() ?? Number.POSITIVE_INFINITY);
    const from = ends - withinMs;
    const recent = newestFirst.filter(({ finishedAt }) => Date.parse(finishedAt) >= from);
    for (const found of recent) keep(found, `within ${durationText(withinMs)}`);
  }
  return reasons;
}

/** The last so many periods that have a snapshot, each with the one that stands for it. */
function newestPeriods(
  newestFirst: readonly DatedSnapshot[],
  period: Period,
  count: number,
): readonly (readonly [string, DatedSnapshot])[] {
  const standing = new Map<string, DatedSnapshot>();
  for (const found of newestFirst) {
    const name = periodName(period, new Date(found.finishedAt));
    const known = standing.get(name);
    if (known === undefined || (!known.complete && found.complete)) standing.set(name, found);
  }
  // Names sort as times do.
  return [...standing].sort(([left], [right]) => (left < right ? 1 : -1)).slice(0, count);
}

function isComplete({ complete }: DatedSnapshot): boolean {
  return complete;
}

/** "30d", "36h": the largest unit that fits. */
function durationText(ms: number): string {
  const unit = UNITS.find(([unitMs]) => ms >= unitMs && ms % unitMs === 0);
  return unit === undefined ? `${ms}ms` : `${ms / unit[0]}${unit[1]}`;
}
