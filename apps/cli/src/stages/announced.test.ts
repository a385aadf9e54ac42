import { expect, it } from "vitest";
import { afterBackup } from "./announced.ts";
import type { StageArguments } from "./stage-arguments.ts";

const args = (announced: boolean) => ({ stages: ["backup", "gitops"], announced }) as unknown as StageArguments;

it.each([
  [0, 0],
  [1, 1],
  [2, 1],
  [143, 143],
])("stage 2 that follows a backup and ends with %i makes its exit code %i at most", (code, expected) => {
  expect(afterBackup(args(true), code)).toBe(expected);
});

it("stage 2 that was asked for keeps its own exit code", () => {
  expect(afterBackup(args(false), 2)).toBe(2);
});
