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

/** Says what was refused, and no more often than a log can bear; every refusal counts all the same. */
export interface RefusalLog {
  say(refusal: Refusal): void;
}

/** Of one address and kind; what is above it is one line that stands for all of them. */
const LINES = 5;
const WINDOW_MS = 1_000;
/** Addresses counted by themselves at the same time; the others share one count. */
const ADDRESSES = 500;
const OTHERS = "other addresses";

/** How often each kind was refused within a second. */
type Window = Map<Refusal["event"], number>;

/** @param signal ends the waits */
export function createRefusalLog(log: Log, clock: ServeClock, signal: AbortSignal): RefusalLog {
  const windows = new Map<string, Window>();

  function open(from: string): Window {
    const counts: Window = new Map();
    windows.set(from, counts);
    void close(from, counts);
    return counts;
  }

  async function close(from: string, counts: Window): Promise<void> {
    await clock.sleep(WINDOW_MS, signal);
    windows.delete(from);
    for (const [event, count] of counts) if (count > LINES) sayWithheld(event, from, count - LINES);
  }

  function sayWithheld(event: Refusal["event"], from: string, withheld: number): void {
    const message = "more was refused than is written";
    if (event === undefined) log.warn(message, { operation: "serve_call", from, refused: withheld });
    else log.warn(message, { operation: "security_event", event, events: withheld, target: from, reason: "many" });
  }

  return {
    say({ event, reason, from }) {
      const key = windows.has(from) || windows.size < ADDRESSES ? from : OTHERS;
      const counts = windows.get(key) ?? open(key);
      const count = (counts.get(event) ?? 0) + 1;
      counts.set(event, count);
      if (count > LINES) return;
      if (event === undefined) log.warn("call refused", { operation: "serve_call", reason, from });
      else log.warn("refused", { operation: "security_event", event, target: from, reason });
    },
  };
}
