import { GitError } from "@kubeferry/git";
import { expect, it } from "vitest";
import { mergeTries } from "./merge-tries.ts";
import { NO_FILES, type Published } from "./published.ts";

const part = (branch: string, more: Partial<Published> = {}): Published => ({
  part: branch,
  branch,
  commit: "",
  outcome: "none",
  pullRequest: undefined,
  files: NO_FILES,
  warnings: [],
  ...more,
});
const lost = new GitError({ kind: "conflict", who: "git", operation: "push to c", problem: "it moved" });

it("what an earlier try pushed or withdrew is said after the last one, also where nothing is left of it", () => {
  const before: Published[] = [];
  const first = [
    part("a", { commit: "a1", outcome: "created" }),
    part("b", { outcome: "closed" }),
    part("c", { outcome: "failed", error: lost }),
  ];
  expect(() => mergeTries(before, first, false)).toThrow(lost);
  const second = [part("a"), part("c", { commit: "c2", outcome: "created" })];
  expect(mergeTries(before, second, false).map(({ branch, commit, outcome }) => [branch, commit, outcome])).toEqual([
    ["a", "a1", "created"],
    ["c", "c2", "created"],
    ["b", "", "closed"],
  ]);
});

it("the last try gives back what failed, and throws nothing", () => {
  const failed = part("c", { outcome: "failed", error: lost });
  expect(mergeTries([], [failed], true)).toEqual([failed]);
});
