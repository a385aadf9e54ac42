import { setImmediate } from "node:timers/promises";
import type { ServeClock } from "../clock.ts";

/** A clock that goes when a test says so. It begins at 2026-03-01T02:00:00Z, and chance is always 0.5. */
export interface HandClock extends ServeClock {
  /** Wakes who waits, in order, and lets each do what it does at once. */
  advance(ms: number): Promise<void>;
}

const START = Date.parse("2026-03-01T02:00:00Z");

interface Sleeper {
  readonly untilMs: number;
  readonly wake: () => void;
}

export function handClock(): HandClock {
  const state = { ms: 0 };
  const sleepers = new Set<Sleeper>();
  return {
    now: () => new Date(START + state.ms),
    monotonicMs: () => state.ms,
    random: () => 0.5,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          sleepers.delete(sleeper);
          signal.removeEventListener("abort", wake);
          resolve();
        };
        const sleeper = { untilMs: state.ms + ms, wake };
        if (signal.aborted) return resolve();
        sleepers.add(sleeper);
        signal.addEventListener("abort", wake);
      }),
    async advance(ms) {
      const endMs = state.ms + ms;
      await settled();
      for (;;) {
        const [first] = [...sleepers].sort((left, right) => left.untilMs - right.untilMs);
        if (first === undefined || first.untilMs > endMs) break;
        state.ms = first.untilMs;
        first.wake();
        await settled();
      }
      state.ms = endMs;
      await settled();
    },
  };
}

/** What can go on without the clock has gone on. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await setImmediate();
}
