/** A DELETE that was decided upon must be over so soon; afterwards the bytes may be in use again. */
const LONGEST_DELETE_MS = 10_000;
const SHORTEST_DELETE_MS = 1000;

/** How prune and the runs beside it share `gcGrace`; all in milliseconds. */
export interface GraceShares {
  /** Unnamed bytes which are older are written again by a run that is going to name them. */
  readonly rewriteAfterMs: number;
  /** A run commits within this, counted from before its first upload. */
  readonly commitWithinMs: number;
  /** From asking whether bytes are old to the end of their removal. */
  readonly deleteWithinMs: number;
  /** A run that wrote old bytes again waits so long before it looks whether they are there: no removal is under way then. */
  readonly settleMs: number;
}

/**
 * Shares the grace out. Prune removes bytes that are older than all of it and that no manifest names. So bytes a run
 * relies upon must not get that old before the run's manifest is there: at most a quarter when it finds them, at most
 * half for the run itself, and a quarter is left for clocks of several servers that differ.
 */
export function shareGrace(gcGraceMs: number): GraceShares {
  const deleteWithinMs = Math.min(LONGEST_DELETE_MS, Math.max(SHORTEST_DELETE_MS, gcGraceMs / 8));
  return {
    rewriteAfterMs: gcGraceMs / 4,
    commitWithinMs: gcGraceMs / 2,
    deleteWithinMs,
    settleMs: 2 * deleteWithinMs,
  };
}
