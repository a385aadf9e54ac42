/**
 * What the runs of one cluster and series add up to since the first. Each manifest carries it on from its parent, so that
 * the counters of one process go on where those of the one before it ended.
 */
export interface RunCounters {
  /** Runs that ended without a snapshot, as far as any of them could be written down. */
  readonly failedRuns: number;
  /** How many of those the lease had counted when this was written; what it counts beyond is new. */
  readonly leaseFailedRuns: number;
  /** Objects in all committed snapshots together. */
  readonly objects: number;
  /** What went wrong with single objects, types or API groups in runs that did commit. */
  readonly objectErrors: number;
  /** How long runs took from their start to the commit, or to their failure. */
  readonly durations: DurationCounts;
  /** RFC 3339, UTC; left out while there is none. */
  readonly lastCompleteAt?: string | undefined;
  readonly lastPartialAt?: string | undefined;
}

/** A histogram of durations. */
export interface DurationCounts {
  /** All runs, failed ones too. */
  readonly count: number;
  readonly sumMs: number;
  /** Upper bound in seconds → runs that took at most so long. */
  readonly buckets: Readonly<Record<string, number>>;
}
