import type { Call } from "./call.ts";

/** The call of work that is short and worth more whole: being told to stop does not end it, its deadline does. */
export function finishing(call: Call): Call {
  return call.deadline === undefined ? call : { ...call, signal: call.deadline };
}

/** Work that is left when it is told to stop, up to a point from which on it is finished. */
export interface PointOfNoReturn {
  /** Its signal is the outer one's before the point, and the deadline behind it. */
  readonly call: Call;
  /** From here on the work is finished. @throws the signal's reason when it was told to stop before */
  pass(): void;
  /** Ends what is still under way: the work failed, and nobody waits for the rest of it. */
  leave(reason: unknown): void;
}

/** Requests that are under way when the point is passed are finished too: they hold the same signal. */
export function untilPoint(call: Call): PointOfNoReturn {
  const controller = new AbortController();
  const follow = (signal: AbortSignal): (() => void) => {
    const stop = (): void => controller.abort(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    return () => signal.removeEventListener("abort", stop);
  };
  const unfollow = follow(call.signal);
  return {
    call: { ...call, signal: controller.signal },
    pass() {
      call.signal.throwIfAborted();
      if (call.deadline === undefined) return;
      unfollow();
      follow(call.deadline);
    },
    leave(reason) {
      controller.abort(reason);
    },
  };
}
