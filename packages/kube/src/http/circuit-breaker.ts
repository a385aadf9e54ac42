import { type Call, type Log, orAborted, silentLog } from "@kubeferry/model";
import { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, handleWhen } from "cockatiel";
import { KubeError } from "../kube-error.ts";

/** When a server counts as gone, and how long it is left alone then. */
export interface BreakerPolicy {
  /** Requests in a row without any answer. A refusal is an answer: one broken API group must not close all others. */
  readonly failures: number;
  readonly openMs: number;
}

/** Lets requests through while the server answers. */
export interface Breaker {
  /**
   * Runs the request; while the breaker is open, none is sent. After `openMs` one goes through, the others wait for what
   * becomes of it.
   * @throws KubeError "unavailable" "not-sent" with `retryAfterMs` while it is open
   */
  run<Result>(operation: string, request: () => Promise<Result>, call: Call): Promise<Result>;
}

/** Makes the breaker of one server. */
export function createBreaker({ failures, openMs }: BreakerPolicy, now: () => number): Breaker {
  const policy = circuitBreaker(
    handleWhen((error) => error instanceof KubeError && error.unanswered === "no-answer"),
    { halfOpenAfter: openMs, breaker: new ConsecutiveBreaker(failures) },
  );
  let openUntil = 0;
  // Of the newest request: the breaker speaks once, whoever's request opened it.
  let log: Log = silentLog;
  policy.onBreak(() => {
    openUntil = now() + openMs;
    const data = { operation: "api_breaker", state: "open", failures, openMs } as const;
    log.warn("the API server does not answer and is left alone", data);
  });
  policy.onReset(() => log.info("the API server answers again", { operation: "api_breaker", state: "closed" }));
  return {
    async run(operation, request, call) {
      log = call.log;
      try {
        call.signal.throwIfAborted();
        // Waiting for another request's probe knows no signal.
        return await orAborted(policy.execute(request), call.signal);
      } catch (error) {
        throw error instanceof BrokenCircuitError ? leftAlone(operation, failures, openUntil - now()) : error;
      }
    },
  };
}

function leftAlone(operation: string, failures: number, leftMs: number): KubeError {
  const retryAfterMs = Math.max(leftMs, 0);
  return new KubeError({
    kind: "unavailable",
    who: "kube",
    operation,
    problem: `not sent: ${failures} requests in a row had no answer, breaker open, next try in ${Math.ceil(retryAfterMs / 1_000)} s`,
    next: "check that the API server runs and can be reached from here",
    retryAfterMs,
    unanswered: "not-sent",
  });
}
