import { describe, expect, it } from "vitest";
import { humanDuration, since } from "./human-duration.ts";

const [S, M, H, D, Y] = [1000, 60_000, 3_600_000, 86_400_000, 365 * 86_400_000];

describe("a length of time", () => {
  it.each([
    [0, "0s"],
    [999, "0s"],
    [119 * S + 999, "119s"],
    [2 * M, "2m"],
    [2 * M + 5 * S, "2m5s"],
    [10 * M - 1, "9m59s"],
    [10 * M + 59 * S, "10m"],
    [3 * H - 1, "179m"],
    [3 * H, "3h"],
    [7 * H + 59 * M, "7h59m"],
    [8 * H + 59 * M, "8h"],
    [2 * D - 1, "47h"],
    [2 * D, "2d"],
    [7 * D + 23 * H, "7d23h"],
    [8 * D + 23 * H, "8d"],
    [2 * Y - 1, "729d"],
    [2 * Y, "2y"],
    [3 * Y + 20 * D, "3y20d"],
    [8 * Y + 300 * D, "8y"],
  ])("of %i ms is written %s", (milliseconds, written) => {
    expect(humanDuration(milliseconds)).toBe(written);
  });

  it("is no age when it lies in the future, but for the difference of two clocks", () => {
    expect(humanDuration(-1999)).toBe("0s");
    expect(humanDuration(-2000)).toBe("<invalid>");
  });

  it("is unknown without a moment to count from", () => {
    expect(since("", new Date("2026-01-01T00:00:00Z"))).toBe("<unknown>");
  });
});
