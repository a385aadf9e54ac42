import { setTimeout as sleep } from "node:timers/promises";
import type { Call, Secret } from "@kubeferry/model";
import { ConsecutiveBreaker, circuitBreaker, handleWhen, isBrokenCircuitError } from "cockatiel";
import type { Dispatcher } from "undici";
import { AnnounceError } from "./announce-error.ts";
import type { CallEvent } from "./read-event.ts";
import { openRoute, type RouteOptions } from "./route.ts";
import { tryCall } from "./try-call.ts";

/** Where calls go, and how patiently. */
export interface SenderOptions extends RouteOptions {
  readonly url: string;
  /** Every one signs, so that a receiver in the middle of a rotation knows one of them. */
  readonly keys: readonly Secret[];
  /** For one try. */
  readonly timeoutMs: number;
  /** Tries in all. */
  readonly attempts: number;
  /** Clock, chance and waiting; left out: the real ones. */
  readonly pace?: Pace;
}

/** What a test brings its own of. */
interface Pace {
  readonly now: () => Date;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Makes calls to one receiver. */
export interface CallSender {
  /**
   * Settles once the receiver has taken the call.
   * @throws AnnounceError "refused", or "unavailable" after all tries or while the receiver is left alone
   */
  send(event: CallEvent, call: Call): Promise<void>;
  close(): Promise<void>;
}

/** At least half of it: a try of another second has another signature, and is not taken for a replay. */
const FIRST_WAIT_MS = 2_000;
/** A receiver that wants to be left alone for longer is called by the next backup. */
const MAX_WAIT_MS = 30_000;
/** Tries in a row without an answer: a process that backs up a hundred clusters does not wait a hundred times for a receiver that is away. */
const OPENS_AFTER = 8;
const OPEN_MS = 60_000;

const REAL_PACE: Pace = {
  now: () => new Date(),
  random: Math.random,
  wait: async (ms, signal) => {
    await sleep(ms, undefined, { signal });
  },
};

/** Opens nothing yet. @throws AnnounceError "key" */
export function createCallSender(options: SenderOptions): CallSender {
  const pace = options.pace ?? REAL_PACE;
  const dispatcher: Dispatcher = openRoute(options);
  const breaker = circuitBreaker(handleWhen(isAway), {
    breaker: new ConsecutiveBreaker(OPENS_AFTER),
    halfOpenAfter: OPEN_MS,
  });
  return {
    async send(event, call) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await breaker.execute(() => tryCall(event, { ...options, dispatcher, now: pace.now() }, call));
        } catch (error) {
          call.signal.throwIfAborted();
          if (isBrokenCircuitError(error)) throw leftAlone(options);
          const delayMs = waitMs(error, attempt, pace);
          if (!isAway(error) || attempt >= options.attempts || delayMs > MAX_WAIT_MS) throw error;
          const data = { target: "webhook", attempt, attempts: options.attempts, delayMs };
          call.log.debug("the call is repeated", { operation: "request_retry", ...data, error });
          await pace.wait(delayMs, call.signal);
        }
      }
    },
    close: () => dispatcher.destroy(),
  };
}

function isAway(error: unknown): error is AnnounceError {
  return error instanceof AnnounceError && error.kind === "unavailable";
}

/** Never shorter than the receiver asked for; chance keeps clusters that end together from calling together. */
function waitMs(error: unknown, attempt: number, { random }: Pace): number {
  const asked = error instanceof AnnounceError ? error.retryAfterMs : undefined;
  if (asked !== undefined) return Math.round(asked * (1 + random() / 4));
  return Math.round(Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), MAX_WAIT_MS) * (0.5 + random() / 2));
}

function leftAlone({ url }: SenderOptions): AnnounceError {
  return new AnnounceError({
    kind: "unavailable",
    who: "webhook",
    operation: `call ${url}`,
    problem: `not called: the last ${OPENS_AFTER} tries had no answer`,
    next: "check that `kubeferry gitops serve` runs, and announce.url",
  });
}
