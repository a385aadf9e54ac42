import { setTimeout as timeout } from "node:timers/promises";

/** Time as the receiver sees it. */
export interface ServeClock {
  /** For people and for the time of a call. */
  now(): Date;
  /** Never goes back; waits are reckoned by it. */
  monotonicMs(): number;
  /** Settles after the time, or at once when the signal is aborted; never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** 0 to 1, without 1: spreads receivers that began together. */
  random(): number;
}

/** The system's. */
export const systemClock: ServeClock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  random: Math.random,
  async sleep(ms, signal) {
    try {
      await timeout(ms, undefined, { signal });
    } catch {
      // Woken early, which is what the signal is for.
    }
  },
};
