import type { Call } from "@kubeferry/model";
import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen, isBrokenCircuitError } from "cockatiel";
import { StorageError } from "../storage-error.ts";
import { S3, type Target } from "./errors.ts";

/** So many operations in a row, each after all its tries: a store that is away, and not one that hiccups. */
const OPENS_AFTER = 5;

/** Runs an operation, unless the store has just shown that it is away. */
export type Breaker = <T>(operation: string, call: Call, work: () => Promise<T>) => Promise<T>;

/**
 * Keeps a run from asking a store that is away once for each of ten thousand objects, with all tries and pauses: after
 * five operations that failed so, others fail at once. When the pause is over one may try, and decides for all.
 */
export function createBreaker(target: Target, pauseMs: number): Breaker {
  const policy = circuitBreaker(handleWhen(isOutage), {
    breaker: new ConsecutiveBreaker(OPENS_AFTER),
    halfOpenAfter: pauseMs,
  });
  return async (operation, call, work) => {
    const before = policy.state;
    try {
      return await policy.execute(work);
    } catch (error) {
      if (isBrokenCircuitError(error)) throw notAsked(operation, target);
      if (policy.state === CircuitState.Open && before !== CircuitState.Open) {
        call.log.warn("object store is not asked for a while", { operations: OPENS_AFTER, pauseMs });
      }
      throw error;
    }
  };
}

function isOutage(error: unknown): boolean {
  return error instanceof StorageError && (error.kind === "unavailable" || error.kind === "rate-limited");
}

function notAsked(operation: string, { endpoint }: Target): StorageError {
  return new StorageError({
    kind: "unavailable",
    who: S3,
    operation,
    problem: `${endpoint} was not asked: the last ${OPENS_AFTER} operations there failed after all their tries`,
    next: "check that the server runs; it is asked again in a moment",
  });
}
