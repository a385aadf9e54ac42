import { setTimeout as sleepFor } from "node:timers/promises";
import type { Call } from "@kubeferry/model";
import { PlatformError } from "../platform-error.ts";
import type { ForgeAnswer, HttpMethod } from "./forge-http.ts";
import { isTransient, retryAfterMs } from "./retry-after.ts";

/** How often and after which waits a request is sent again. */
export interface Repeating {
  /** Tries in all. */
  readonly tries: number;
  /** The wait before the second try where the host does not name one; it doubles from then on, with jitter. */
  readonly firstWaitMs: number;
  /** A host that wants us to wait longer than this is not waited for: the error says how long. */
  readonly longestWaitMs: number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
  readonly now: () => number;
}

/** Three tries, the first wait about 1 s, none over 60 s. */
export const DEFAULT_REPEATING: Repeating = {
  tries: 3,
  firstWaitMs: 1_000,
  longestWaitMs: 60_000,
  sleep: async (ms, signal) => {
    await sleepFor(ms, undefined, { signal });
  },
  random: Math.random,
  now: Date.now,
};

const REPEATABLE: ReadonlySet<HttpMethod> = new Set<HttpMethod>(["GET", "PUT", "DELETE"]);

/** Sends until there is an answer worth returning, or the tries are used up. POST and PATCH go out once. */
export async function withRepeats(
  repeating: Repeating,
  method: HttpMethod,
  call: Call,
  send: () => Promise<ForgeAnswer>,
): Promise<ForgeAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const last = attempt >= repeating.tries || !REPEATABLE.has(method);
    const outcome = await attemptOnce(send, last);
    if (outcome.type === "answer" && (last || !isTransient(outcome.answer))) return outcome.answer;
    const asked = outcome.type === "answer" ? retryAfterMs(outcome.answer, repeating.now()) : undefined;
    const waitMs = asked ?? backoffMs(repeating, attempt);
    if (outcome.type === "answer" && waitMs > repeating.longestWaitMs) return outcome.answer;
    call.log.debug("git host asked again later", { operation: "request_retry", target: "git host", attempt, waitMs });
    await waitFor(repeating, waitMs, call);
  }
}

type Outcome = { readonly type: "answer"; readonly answer: ForgeAnswer } | { readonly type: "no-answer" };

async function attemptOnce(send: () => Promise<ForgeAnswer>, last: boolean): Promise<Outcome> {
  try {
    return { type: "answer", answer: await send() };
  } catch (error) {
    if (last || !(error instanceof PlatformError && error.kind === "unavailable")) throw error;
    return { type: "no-answer" };
  }
}

/** @throws the signal's reason */
export async function waitFor(repeating: Pick<Repeating, "sleep">, waitMs: number, call: Call): Promise<void> {
  try {
    await repeating.sleep(waitMs, call.signal);
  } finally {
    call.signal.throwIfAborted();
  }
}

function backoffMs({ firstWaitMs, random, longestWaitMs }: Repeating, attempt: number): number {
  const full = firstWaitMs * 2 ** (attempt - 1);
  return Math.min(longestWaitMs, full * (0.5 + random() / 2));
}
