import type { Call } from "@kubeferry/model";

/** Waits; ends early by throwing when the signal aborts. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

/** What is done again and again. */
export interface Renewing {
  /** @returns undefined when there is nothing left to renew */
  readonly renew: (call: Call) => Promise<Date | undefined>;
  readonly everyMs: number;
  readonly pause: Pause;
}

/** Renews until it is stopped or the lease belongs to somebody else; a failed renewal is tried again at the next turn. */
export function renewInBackground(renewing: Renewing, call: Call): { readonly stop: () => Promise<void> } {
  const stopping = new AbortController();
  const signal = AbortSignal.any([call.signal, stopping.signal]);
  const done = loop(renewing, { ...call, signal });
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

async function loop({ renew, everyMs, pause }: Renewing, call: Call): Promise<void> {
  while (!call.signal.aborted) {
    try {
      await pause(everyMs, call.signal);
      if ((await renew(call)) !== undefined) continue;
      call.log.warn("lease was taken over by another run", { operation: "lease" });
      const data = { target: "lease", reason: "another run took it over" };
      call.log.warn("security event", { operation: "security_event", event: "lease-conflict", data });
      return;
    } catch (error) {
      if (call.signal.aborted) return;
      call.log.warn("lease could not be renewed", { operation: "lease", error });
    }
  }
}
