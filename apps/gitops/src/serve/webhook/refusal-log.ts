import type { Log, SecurityEvent } from "@kubeferry/model";
import type { ServeClock } from "../clock.ts";

/** Something that was not let in. */
interface Refusal {
  /** Undefined for what is a mistake and no attack. */
  readonly event: SecurityEvent | undefined;
  readonly reason: string;
  /** The address it came from. */
  readonly from: string;
}

/** Says what was refused, and no more often than a log can bear. */
export interface RefusalLog {
  say(refusal: Refusal): void;
}

/** Of one address; what is above it is one line with their number. */
const LINES = 5;
const WINDOW_MS = 1_000;
/** Addresses counted by themselves at the same time; the others share one count. */
const ADDRESSES = 500;
const OTHERS = "other addresses";

/** @param signal ends the waits */
export function createRefusalLog(log: Log, clock: ServeClock, signal: AbortSignal): RefusalLog {
  const counts = new Map<string, number>();

  async function close(from: string): Promise<void> {
    await clock.sleep(WINDOW_MS, signal);
    const withheld = (counts.get(from) ?? 0) - LINES;
    counts.delete(from);
    if (withheld > 0)
      log.warn("more was refused than is written", { operation: "serve_call", from, refused: withheld });
  }

  return {
    say({ event, reason, from }) {
      const key = counts.has(from) || counts.size < ADDRESSES ? from : OTHERS;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      if (count === 1) void close(key);
      if (count > LINES) return;
      if (event === undefined) log.warn("call refused", { operation: "serve_call", reason, from });
      else log.warn("refused", { operation: "security_event", event, target: from, reason });
    },
  };
}
