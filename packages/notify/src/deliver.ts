import { setTimeout as sleep } from "node:timers/promises";
import type { Call } from "@kubeferry/model";
import type { Channel } from "./channel.ts";
import type { Message } from "./message.ts";
import { NotifyError } from "./notify-error.ts";

const TRIES = 3;
const FIRST_WAIT_MS = 500;

/** How patiently. */
export interface Patience {
  /** For all tries and waits together: no run ends later by more than this. */
  readonly timeoutMs: number;
  /** Waiting; left out: the real one. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Sends a message, a few times where that may help.
 * @param open gives the channel
 * @throws NotifyError; the signal's reason when the call is aborted
 */
export async function deliver(
  message: Message,
  open: () => Promise<Channel>,
  { timeoutMs, wait = realWait }: Patience,
  call: Call,
): Promise<void> {
  const endsAt = performance.now() + timeoutMs;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([call.signal, timeout]);
  const last: { error: unknown } = { error: undefined };
  try {
    const channel = await open();
    for (let attempt = 1; ; attempt++) {
      try {
        return await channel.send(message, signal);
      } catch (error) {
        if (signal.aborted) throw error;
        last.error = error;
        if (!(error instanceof NotifyError) || error.kind !== "unavailable" || attempt === TRIES) throw error;
        const delayMs = error.retryAfterMs ?? FIRST_WAIT_MS * 2 ** (attempt - 1);
        // There would be no time left to try in.
        if (performance.now() + delayMs >= endsAt) throw error;
        await wait(delayMs, signal);
      }
    }
  } catch (error) {
    call.signal.throwIfAborted();
    throw timeout.aborted ? (last.error ?? tooSlow(timeoutMs)) : error;
  }
}

async function realWait(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal });
}

function tooSlow(timeoutMs: number): NotifyError {
  return new NotifyError({
    kind: "unavailable",
    who: "channel",
    operation: "send a message",
    problem: `no answer within ${timeoutMs / 1000} s`,
    next: "see notifications.timeout",
  });
}
