import { setTimeout as sleep } from "node:timers/promises";
import type { Call } from "@kubeferry/model";
import { KubeError } from "../kube-error.ts";

/** How often something is tried in all, and how long to wait before the second try; each further wait is twice as long. */
export interface RetryPolicy {
  readonly attempts: number;
  readonly delayMs: number;
}

/** The policy with the clock and chance it uses; tests bring their own. */
export interface Retry extends RetryPolicy {
  /** Waits; rejects with the signal's reason when that stops first. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/** The server's own suggestions end at 32 s; one above this is handed on to the caller instead of being waited for. */
const MAX_WAIT_MS = 60_000;

/** The policy with the real clock. */
export function realRetry(policy: RetryPolicy): Retry {
  return {
    ...policy,
    wait: (ms, signal) => sleep(ms, undefined, { signal }).catch(reasonOf(signal)),
    random: Math.random,
  };
}

function reasonOf(signal: AbortSignal) {
  return (error: unknown): never => {
    throw signal.aborted ? signal.reason : error;
  };
}

/** Does the task again while it fails with "unavailable" or "rate-limited" and tries are left. */
export async function retried<Result>(task: () => Promise<Result>, retry: Retry, call: Call): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await task();
    } catch (error) {
      await waitOrThrow(error, attempt, retry, call);
    }
  }
}

/** Waits as long as the error and the number of the failed attempt demand. @throws the error when that was the last try */
export async function waitOrThrow(error: unknown, attempt: number, retry: Retry, call: Call): Promise<void> {
  if (!(error instanceof KubeError) || attempt >= retry.attempts) throw error;
  if (error.kind !== "unavailable" && error.kind !== "rate-limited") throw error;
  // Left alone by the breaker, for all: each caller waiting for itself would only stretch the run.
  if (error.unanswered === "not-sent") throw error;
  const delayMs = waitMs(error, attempt, retry);
  if (delayMs > MAX_WAIT_MS) throw error;
  call.log.warn("request is repeated", {
    operation: "request_retry",
    target: "kubernetes",
    request: error.operation,
    attempt,
    delayMs,
    error,
  });
  await retry.wait(delayMs, call.signal);
}

/** Never shorter than the server asked for; jitter keeps parallel lists from coming back all at once. */
function waitMs({ retryAfterMs }: KubeError, attempt: number, { delayMs, random }: Retry): number {
  if (retryAfterMs !== undefined) return Math.round(retryAfterMs * (1 + random() / 4));
  return Math.min(Math.round(delayMs * 2 ** (attempt - 1) * (0.5 + random() / 2)), MAX_WAIT_MS);
}
