import { setTimeout as sleep } from "node:timers/promises";
import type { KubeError } from "@kubeferry/kube";

/** How long the API server may be away: it starts again, or another one takes its place. */
const OUTAGE_MS = 120_000;
/** Where the error does not say when asking makes sense again. */
const PAUSE_MS = 5_000;

/** The API server's absences during one run. */
export interface Outages {
  /** The patience of one type. */
  begin(): Patience;
}

/** Sits out times in which the API server does not answer at all, for one type. */
interface Patience {
  /** Waits before the type is listed again, or until the signal ends that. @returns false when the server has been away for too long, or does answer */
  sitOut(error: KubeError, signal: AbortSignal): Promise<boolean>;
  /** Its list came to its end: the server is there. */
  over(): void;
}

/**
 * Makes them for one run. Without, every type that is due while the API server restarts would be unread. Once one type
 * has waited in vain, no other one waits until a list succeeds; types that the server refuses never wait here.
 */
export function createOutages(now: () => number = Date.now, outageMs = OUTAGE_MS): Outages {
  let gone = false;
  return {
    begin() {
      let since: number | undefined;
      return {
        async sitOut(error, signal) {
          if (error.unanswered === undefined || gone) return false;
          since ??= now();
          const leftMs = since + outageMs - now();
          if (leftMs <= 0) {
            gone = true;
            return false;
          }
          const pauseMs = Math.min(error.retryAfterMs ?? PAUSE_MS, leftMs);
          await sleep(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
          return true;
        },
        over() {
          gone = false;
        },
      };
    },
  };
}
