import { describe, expect, it } from "vitest";
import { orAborted } from "./or-aborted.ts";

const never = new Promise<never>(() => undefined);
const gone = new Error("gone");

describe("work that is waited for until a signal", () => {
  it("settles as the work does", async () => {
    const { signal } = new AbortController();
    await expect(orAborted(Promise.resolve(1), signal)).resolves.toBe(1);
    await expect(orAborted(Promise.reject(gone), signal)).rejects.toBe(gone);
  });

  it("settles with the signal's reason, though the work never ends", async () => {
    const stop = new AbortController();
    const waiting = orAborted(never, stop.signal);
    stop.abort(gone);
    await expect(waiting).rejects.toBe(gone);
  });

  it("does not wait at all where the signal came first", async () => {
    await expect(orAborted(never, AbortSignal.abort(gone))).rejects.toBe(gone);
  });

  it("leaves no rejection behind that nobody handles", async () => {
    const { promise, reject } = Promise.withResolvers<never>();
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on("unhandledRejection", note);
    await expect(orAborted(promise, AbortSignal.abort(gone))).rejects.toBe(gone);
    reject(new Error("late"));
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });
});
