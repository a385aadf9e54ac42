import type { Call } from "@kubeferry/model";

/** Spaces requests out in time. */
export interface RequestRate {
  /** Resolves when one more request may be sent; rejects at once with the signal's reason. */
  turn(call: Call): Promise<void>;
}

/** What time is to a rate; tests bring their own. */
export interface RateClock {
  /** Milliseconds. */
  readonly now: () => number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Makes a rate of so many requests a second: a bucket of one token, so that no second ever sees more. undefined: as
 * many as there are connections for.
 */
export function createRequestRate(perSecond: number | undefined, { now, wait }: RateClock): RequestRate {
  if (perSecond === undefined) return { turn: async () => undefined };
  const spacingMs = 1_000 / perSecond;
  let next = 0;
  return {
    async turn({ signal }) {
      signal.throwIfAborted();
      const at = Math.max(now(), next);
      next = at + spacingMs;
      const waitMs = at - now();
      if (waitMs > 0) await wait(waitMs, signal);
    },
  };
}
