import { setTimeout } from "node:timers/promises";
import type { Call } from "@kubeferry/model";
import { StorageError } from "../storage-error.ts";
import type { Breaker } from "./breaker.ts";
import { S3Failure, type Target, toStorageError } from "./errors.ts";
import type { RetryOptions } from "./options.ts";

/** No server's Retry-After is waited for longer than this. */
const LONGEST_WAIT_MS = 60_000;
/** Connections that the server closed while they were idle are replaced at once, and not counted as tries. */
const FREE_RECONNECTS = 3;

/** Waits; ends early, with the signal's reason, when the signal says so. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** How and what for a request is tried. */
export interface Tries {
  readonly retry: RetryOptions;
  readonly target: Target;
  readonly sleep: Sleep;
  readonly breaker: Breaker;
}

/** Waits in real time. */
export async function realSleep(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal });
}

/**
 * Repeats what was unavailable or rate-limited.
 * @throws StorageError after the last try, or at once for all else and while the store is away; the signal's reason when
 * it aborts
 */
export function withRetry<T>(tries: Tries, operation: string, call: Call, work: () => Promise<T>): Promise<T> {
  return tries.breaker(operation, call, () => untilDone(tries, operation, call, work));
}

async function untilDone<T>(tries: Tries, operation: string, call: Call, work: () => Promise<T>): Promise<T> {
  let reconnects = 0;
  for (let attempt = 1; ; attempt++) {
    try {
      call.signal.throwIfAborted();
      return await work();
    } catch (failure) {
      call.signal.throwIfAborted();
      // Who lends keys can be out of reach for a moment, as the store can.
      if (!(failure instanceof S3Failure || failure instanceof StorageError)) throw failure;
      if (failure instanceof S3Failure && failure.staleConnection && reconnects++ < FREE_RECONNECTS) {
        attempt--;
        continue;
      }
      await pauseOrThrow(tries, operation, call, { failure, attempt });
    }
  }
}

async function pauseOrThrow(
  { retry, target, sleep }: Tries,
  operation: string,
  call: Call,
  { failure, attempt }: { readonly failure: S3Failure | StorageError; readonly attempt: number },
): Promise<void> {
  const answer = failure instanceof S3Failure ? failure : undefined;
  const error = failure instanceof S3Failure ? toStorageError(failure, operation, target) : failure;
  if ((error.kind !== "unavailable" && error.kind !== "rate-limited") || attempt >= retry.attempts) throw error;
  const jittered = retry.delayMs * (0.5 + Math.random());
  const delayMs = Math.min(Math.max(jittered, answer?.retryAfterMs ?? 0), LONGEST_WAIT_MS);
  call.log.warn("request to the object store is tried again", {
    operation: "request_retry",
    target: "store",
    request: operation,
    attempt,
    attempts: retry.attempts,
    delayMs: Math.round(delayMs),
    kind: error.kind,
    code: answer?.code,
    status: answer?.status,
  });
  await sleep(delayMs, call.signal);
}
