import type { Call } from "@kubeferry/model";
import type { ForgeAnswer } from "./forge-http.ts";
import { type Repeating, waitFor } from "./repeat.ts";
import { isTransient, retryAfterMs } from "./retry-after.ts";

/** How fast a host wants to be asked, as its answers say it before a limit is hit. */
export interface Pace {
  /** Waits until the host wants to be asked again. @throws the signal's reason */
  ready(call: Call): Promise<void>;
  /** Reads what an answer says of it. */
  note(answer: ForgeAnswer): void;
}

/**
 * Asks at once at first. A wait that is longer than `longestWaitMs` is not made: the host then says itself that it will
 * not answer, and that is the error.
 */
export function createPace(repeating: Pick<Repeating, "sleep" | "now" | "longestWaitMs">): Pace {
  const state = { notBefore: 0 };
  return {
    async ready(call) {
      const waitMs = state.notBefore - repeating.now();
      if (waitMs <= 0) return;
      const fields = { operation: "request_retry", target: "git host", waitMs } as const;
      call.log.debug("git host wants to be asked more slowly", fields);
      await waitFor(repeating, waitMs, call);
    },
    note(answer) {
      // A refusal is waited for where it is repeated.
      if (isTransient(answer)) return;
      const now = repeating.now();
      const waitMs = retryAfterMs(answer, now) ?? delayedMs(answer) ?? 0;
      if (waitMs <= repeating.longestWaitMs) state.notBefore = Math.max(state.notBefore, now + waitMs);
    },
  };
}

// Azure DevOps says by how many seconds it held a request back; it holds back the next ones longer.
function delayedMs({ headers }: ForgeAnswer): number | undefined {
  const seconds = Number(headers["x-ratelimit-delay"]);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}
