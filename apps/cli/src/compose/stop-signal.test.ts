import type { Log } from "@kubeferry/model";
import { silentLog } from "@kubeferry/model";
import { afterEach, describe, expect, it, vi } from "vitest";
import { listenForStop, type Stopping } from "./stop-signal.ts";

describe("a process that is told to stop", () => {
  const open: Stopping[] = [];
  afterEach(() => {
    for (const stopping of open.splice(0)) stopping.close();
    vi.useRealTimers();
  });

  function listening(timeoutMs: number): { readonly stopping: Stopping; readonly said: string[] } {
    vi.useFakeTimers();
    const said: string[] = [];
    const note: Log["info"] = (message, { operation, data } = {}) =>
      void said.push(`${operation}: ${message} ${JSON.stringify(data)}`);
    const stopping = listenForStop(timeoutMs, { ...silentLog, info: note, warn: note });
    open.push(stopping);
    return { stopping, said };
  }

  it("takes no more work at once, and leaves what is in flight when its time is over", () => {
    const { stopping, said } = listening(20_000);
    process.emit("SIGTERM", "SIGTERM");
    expect([stopping.signal.aborted, stopping.deadline.aborted]).toEqual([true, false]);
    vi.advanceTimersByTime(19_999);
    expect(stopping.deadline.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(stopping.deadline.aborted).toBe(true);
    expect(said).toEqual([
      'shutdown: told to stop, in-flight work is finished {"signal":"SIGTERM","timeoutMs":20000}',
      'shutdown: in-flight work is left {"signal":"SIGTERM","timeoutMs":20000}',
    ]);
  });

  it("leaves it at once when it is told a second time, and names the first signal", () => {
    const { stopping } = listening(20_000);
    process.emit("SIGINT", "SIGINT");
    process.emit("SIGTERM", "SIGTERM");
    expect(stopping.deadline.aborted).toBe(true);
    expect(stopping.stoppedBy()).toBe("SIGINT");
  });

  it("leaves the third signal to the system", () => {
    const before = process.listenerCount("SIGTERM");
    listening(20_000);
    process.emit("SIGTERM", "SIGTERM");
    process.emit("SIGTERM", "SIGTERM");
    expect(process.listenerCount("SIGTERM")).toBe(before);
  });

  it("has all the time it wants once it listens no more", () => {
    const { stopping } = listening(1_000);
    process.emit("SIGTERM", "SIGTERM");
    stopping.close();
    vi.advanceTimersByTime(2_000);
    expect(stopping.deadline.aborted).toBe(false);
  });
});
