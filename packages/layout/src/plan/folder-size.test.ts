import { expect, it } from "vitest";
import { judgeSize } from "./folder-size.ts";

it.each([
  [2_000, "fine"],
  [2_001, "warn"],
  [5_000, "warn"],
  [5_001, "leave-out"],
] as const)("an overlay of %d objects is %s where it may hold 5,000", (objects, verdict) => {
  expect(judgeSize(objects, 5_000)).toBe(verdict);
});
