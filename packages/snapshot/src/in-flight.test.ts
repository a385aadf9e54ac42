import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createInFlight } from "./in-flight.ts";

describe("tasks in flight", () => {
  it("are never more than allowed, and each of them runs", async () => {
    const turns = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), turns, async (limit, lengths) => {
        const inFlight = createInFlight(limit);
        const seen = { running: 0, most: 0, done: 0 };
        for (const length of lengths) {
          await inFlight.start(async () => {
            seen.most = Math.max(seen.most, ++seen.running);
            for (let turn = 0; turn < length; turn++) await setImmediate();
            seen.running--;
            seen.done++;
          });
        }
        await inFlight.settle();
        expect(seen).toEqual({ running: 0, most: seen.most, done: lengths.length });
        expect(seen.most).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 50 },
    );
  });

  it("are not started any more after one failed, whoever waits for a place", async () => {
    const inFlight = createInFlight(1);
    const failing = Promise.withResolvers<void>();
    await inFlight.start(() => failing.promise);
    const started: string[] = [];
    const waiting = ["first", "second"].map((name) => inFlight.start(async () => void started.push(name)));
    failing.reject(new Error("refused"));
    const outcomes = await Promise.allSettled(waiting);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(started).toEqual([]);
    await inFlight.settle();
    expect(() => inFlight.throwIfFailed()).toThrow("refused");
  });

  it("are all over, also when one of them failed, once they have settled", async () => {
    const inFlight = createInFlight(3);
    const over: string[] = [];
    await inFlight.start(async () => {
      for (let turn = 0; turn < 3; turn++) await setImmediate();
      over.push("slow");
    });
    await inFlight.start(() => Promise.reject(new Error("refused")));
    await inFlight.settle();
    expect(over).toEqual(["slow"]);
    expect(() => inFlight.throwIfFailed()).toThrow("refused");
  });
});
