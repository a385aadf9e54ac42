import type { BackupCompletedEvent } from "@kubeferry/announce";
import type { ServeClock } from "../clock.ts";
import { type GatheredCalls, NO_CALLS, together, withCall } from "./gathered-calls.ts";
import type { RunTrigger } from "./run-request.ts";

/** The one run that is to come. */
export interface QueuedRun {
  readonly trigger: RunTrigger;
  readonly calls: GatheredCalls;
  readonly queuedAt: Date;
  /** By the clock that never goes back. */
  readonly dueMs: number;
}

/** A queue that never holds more than one run: whatever asks for one while it waits is answered by it. */
export interface RunQueue {
  /** A run answers the call at the latest after the quiet period. */
  call(event: BackupCompletedEvent, quietPeriodMs: number): void;
  /**
   * A run that nobody calls for now; one that is there already and comes earlier takes its place.
   * @param calls that a run did not answer, since it failed
   */
  schedule(trigger: RunTrigger, inMs: number, calls?: GatheredCalls): void;
  /** What waits. */
  peek(): QueuedRun | undefined;
  /** Takes it out once it is due; undefined when the signal was aborted first. */
  take(signal: AbortSignal): Promise<QueuedRun | undefined>;
}

export function createRunQueue(clock: ServeClock): RunQueue {
  const state: { next: QueuedRun | undefined; changed: AbortController } = {
    next: undefined,
    changed: new AbortController(),
  };

  function put(next: QueuedRun | undefined): void {
    state.next = next;
    state.changed.abort();
    state.changed = new AbortController();
  }

  return {
    call(event, quietPeriodMs) {
      const { next } = state;
      const calls = withCall(next?.calls ?? NO_CALLS, event);
      const dueMs = clock.monotonicMs() + quietPeriodMs;
      const queuedAt = next?.trigger === "call" ? next.queuedAt : clock.now();
      // The first call of several says when: calls that do not end would put it off for ever.
      put({ trigger: "call", calls, queuedAt, dueMs: Math.min(next?.dueMs ?? dueMs, dueMs) });
    },
    schedule(trigger, inMs, unanswered = NO_CALLS) {
      const dueMs = clock.monotonicMs() + inMs;
      const { next } = state;
      if (next === undefined) put({ trigger, calls: unanswered, queuedAt: clock.now(), dueMs });
      else put({ ...next, calls: together(unanswered, next.calls), dueMs: Math.min(next.dueMs, dueMs) });
    },
    peek: () => state.next,
    async take(signal) {
      while (!signal.aborted) {
        const { next, changed } = state;
        const waitMs = next === undefined ? FOREVER_MS : next.dueMs - clock.monotonicMs();
        if (next !== undefined && waitMs <= 0) {
          state.next = undefined;
          return next;
        }
        await clock.sleep(waitMs, AbortSignal.any([signal, changed.signal]));
      }
      return undefined;
    },
  };
}

/** A day: then it looks again, and waits on. */
const FOREVER_MS = 86_400_000;
