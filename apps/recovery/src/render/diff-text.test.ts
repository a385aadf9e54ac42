import { describe, expect, it } from "vitest";
import { notComparedTexts } from "./diff-text.ts";

const COUNTS = { before: "a", after: "b", added: 0, removed: 0, changed: 0, leftOut: {} };

function leftOut(count: number) {
  return Array.from({ length: count }, (_, number) => {
    return { resource: `r${number}`, because: "left-out", reason: "no file holds one" } as const;
  });
}

describe("what was not compared", () => {
  it("is named type by type, unless there are so many that they would hide what differs", () => {
    expect(notComparedTexts({ ...COUNTS, notCompared: leftOut(2) })).toEqual(["left out: r0, r1: no file holds one"]);
    expect(notComparedTexts({ ...COUNTS, notCompared: leftOut(60) })).toEqual([
      "left out: r0, r1, r2, r3, r4, r5, r6, r7 and 52 other types: no file holds one",
    ]);
  });

  it("is always named where it should be known", () => {
    const unread = leftOut(60).map((one) => ({ ...one, because: "unread" as const }));
    expect(notComparedTexts({ ...COUNTS, notCompared: unread })).toHaveLength(60);
  });
});
