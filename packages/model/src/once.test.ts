import { describe, expect, it } from "vitest";
import { once } from "./once.ts";

describe("once", () => {
  it("does the work when its result is first asked for, and keeps it, undefined as well", () => {
    let done = 0;
    const result = once(() => {
      done += 1;
      return undefined;
    });
    expect(done).toBe(0);
    expect([result(), result(), done]).toEqual([undefined, undefined, 1]);
  });

  it("does work that threw anew", () => {
    let tries = 0;
    const result = once(() => {
      tries += 1;
      if (tries === 1) throw new Error("not yet");
      return tries;
    });
    expect(result).toThrow("not yet");
    expect(result()).toBe(2);
  });
});
