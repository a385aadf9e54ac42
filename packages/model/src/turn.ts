import { setImmediate } from "node:timers/promises";

/** As long as nobody notices: a probe waits a second, and a person who stops a run does not count less. */
const LONGEST_MS = 20;

/**
 * Lets signals, timers and requests have their turn in work that never waits by itself. To be awaited between two steps;
 * most calls cost nothing.
 */
export function createTurns(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < LONGEST_MS) return undefined;
    return setImmediate().then(() => {
      since = performance.now();
    });
  };
}
