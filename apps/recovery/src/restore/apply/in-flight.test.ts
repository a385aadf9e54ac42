import { silentLog } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { forEachInFlight } from "./in-flight.ts";

describe("work that is done some at a time", () => {
  it("begins nothing more when it is told to stop, and ends when what was under way has ended", async () => {
    const { stop, begun, ended, done, open } = await held(2);
    stop.abort();
    open();
    await expect(done).rejects.toThrow(/aborted/);
    expect([begun, ended]).toEqual([
      ["a", "b"],
      ["a", "b"],
    ]);
  });

  it("ends with the error of the first that failed, once the others have ended", async () => {
    const { begun, ended, done, open, fail } = await held(2);
    fail("a");
    open();
    await expect(done).rejects.toThrow("a failed");
    expect(begun).toEqual(["a", "b"]);
    expect(ended).toEqual(["b"]);
  });

  /** Four items, each of which waits until it is let go on. */
  async function held(concurrency: number) {
    const stop = new AbortController();
    const gate = Promise.withResolvers<void>();
    const failing = new Map<string, PromiseWithResolvers<void>>();
    const [begun, ended]: [string[], string[]] = [[], []];
    const work = async (item: string): Promise<void> => {
      begun.push(item);
      const own = Promise.withResolvers<void>();
      failing.set(item, own);
      await Promise.race([gate.promise.then(() => new Promise((resolve) => setTimeout(resolve, 5))), own.promise]);
      ended.push(item);
    };
    const call = { signal: stop.signal, log: silentLog };
    const done = forEachInFlight(["a", "b", "c", "d"], work, concurrency, call);
    done.catch(() => undefined);
    while (begun.length < concurrency) await new Promise((resolve) => setImmediate(resolve));
    const fail = (item: string): void => failing.get(item)?.reject(new Error(`${item} failed`));
    return { stop, begun, ended, done, open: gate.resolve, fail };
  }
});
