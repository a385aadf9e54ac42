/**
 * What became of a call. "repeated": it was accepted before. "checked": it asked for nothing but whether it is let in.
 * "limited": its sender calls too often.
 */
export type CallOutcome = "accepted" | "repeated" | "checked" | "refused" | "limited";

/** Counts calls since the receiver began. */
export interface CallCounts {
  add(outcome: CallOutcome): void;
  /** Those without any are left out. */
  read(): Readonly<Partial<Record<CallOutcome, number>>>;
}

export function createCallCounts(): CallCounts {
  const counts = new Map<CallOutcome, number>();
  return {
    add: (outcome) => void counts.set(outcome, (counts.get(outcome) ?? 0) + 1),
    read: () => Object.fromEntries(counts),
  };
}
