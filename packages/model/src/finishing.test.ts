import { describe, expect, it } from "vitest";
import { type Call, silentLog } from "./call.ts";
import { finishing, untilPoint } from "./finishing.ts";

function stoppable(): { readonly stop: AbortController; readonly end: AbortController; readonly call: Call } {
  const [stop, end] = [new AbortController(), new AbortController()];
  return { stop, end, call: { signal: stop.signal, deadline: end.signal, log: silentLog } };
}

describe("work that is worth finishing", () => {
  it("goes on when it is told to stop, until the deadline", () => {
    const { stop, end, call } = stoppable();
    const { signal } = finishing(call);
    stop.abort();
    expect(signal.aborted).toBe(false);
    end.abort();
    expect(signal.aborted).toBe(true);
  });

  it("stops at once where nobody gives it time", () => {
    const stop = new AbortController();
    const { signal } = finishing({ signal: stop.signal, log: silentLog });
    stop.abort();
    expect(signal.aborted).toBe(true);
  });
});

describe("work with a point of no return", () => {
  it("ends at once before the point, and does not pass it any more", () => {
    const { stop, call } = stoppable();
    const point = untilPoint(call);
    stop.abort();
    expect(point.call.signal.aborted).toBe(true);
    expect(() => point.pass()).toThrow(/aborted/);
  });

  it("goes on behind the point until the deadline, with requests that were begun before it", () => {
    const { stop, end, call } = stoppable();
    const point = untilPoint(call);
    const { signal } = point.call;
    point.pass();
    stop.abort();
    expect(signal.aborted).toBe(false);
    end.abort();
    expect(signal.aborted).toBe(true);
  });

  it("ends what is under way when it is left, and is not stopped from outside by that", () => {
    const { stop, call } = stoppable();
    const point = untilPoint(call);
    const failed = new Error("failed");
    point.leave(failed);
    expect(point.call.signal.reason).toBe(failed);
    expect(stop.signal.aborted).toBe(false);
  });

  it("ends at once behind the point, too, where nobody gives it time", () => {
    const stop = new AbortController();
    const point = untilPoint({ signal: stop.signal, log: silentLog });
    point.pass();
    stop.abort();
    expect(point.call.signal.aborted).toBe(true);
  });
});
