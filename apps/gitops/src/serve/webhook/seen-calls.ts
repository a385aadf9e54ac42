/** Whether a call came before: "repeated" is its sender's next try, "replayed" the very same message once more. */
type Seen = "first" | "repeated" | "replayed";

/** Remembers calls for as long as their signature counts. */
export interface SeenCalls {
  /**
   * @param timestamp as it was signed
   * @param nowMs by a clock that never goes back
   * @param validForMs longer than the message can count from now
   */
  see(call: { readonly id: string; readonly timestamp: string }, nowMs: number, validForMs: number): Seen;
}

/** All of them are signed: there are more only where a key got lost, and then a run too many is the least of it. */
const MAX_CALLS = 20_000;

export function createSeenCalls(): SeenCalls {
  // In the order of their coming, which is nearly that of their end.
  const calls = new Map<string, { untilMs: number; readonly timestamps: Set<string> }>();

  function forgetOld(nowMs: number): void {
    for (const [id, { untilMs }] of calls) {
      if (untilMs > nowMs && calls.size <= MAX_CALLS) return;
      calls.delete(id);
    }
  }

  return {
    see({ id, timestamp }, nowMs, validForMs) {
      const before = calls.get(id);
      const untilMs = nowMs + validForMs;
      if (before === undefined || before.untilMs <= nowMs) {
        calls.delete(id);
        calls.set(id, { untilMs, timestamps: new Set([timestamp]) });
        forgetOld(nowMs);
        return "first";
      }
      before.untilMs = untilMs;
      if (before.timestamps.has(timestamp)) return "replayed";
      before.timestamps.add(timestamp);
      return "repeated";
    },
  };
}
