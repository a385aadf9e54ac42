import { createContext, Script } from "node:vm";

/** How long a rule may think about one object. */
const LIMIT_MS = 1000;

/** A rule that took too long on so many objects is not asked again. */
const MOST_TIMEOUTS = 3;

/** Thrown for work that was not finished, or not begun any more. */
export class TooSlow extends Error {}

/** Does work that may take forever on an object that was made for it: ends it after a second. */
export type WithinLimit = <Result>(work: () => Result) => Result;

/**
 * A limit of its own for one rule. Only such work should go through it whose steps can grow faster than the object:
 * starting the clock takes some 0.2 ms.
 * @param limitMs for tests
 */
export function createTimeLimit(limitMs = LIMIT_MS): WithinLimit {
  const context = createContext({ work: undefined });
  const script = new Script("work()");
  const spent = { timeouts: 0 };
  return <Result>(work: () => Result): Result => {
    if (spent.timeouts >= MOST_TIMEOUTS) throw new TooSlow(`not asked: it took too long on ${MOST_TIMEOUTS} objects`);
    context.work = work;
    try {
      return script.runInContext(context, { timeout: limitMs }) as Result;
    } catch (error) {
      if (!isTimeout(error)) throw error;
      spent.timeouts += 1;
      throw new TooSlow(`not answered within ${limitMs} ms`);
    }
  };
}

// Not by its class: the error is one of the other context's.
function isTimeout(error: unknown): boolean {
  const isObject = typeof error === "object" && error !== null;
  return isObject && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
}
