import fc from "fast-check";
import { expect, it } from "vitest";
import { hunks } from "./hunks.ts";
import { lineEdits } from "./line-edits.ts";

const text = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 30 });

it("leads from one text to the other, and leaves in both what both have", () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const edits = lineEdits(before, after);
      expect(edits.filter(({ mark }) => mark !== "+").map(({ line }) => line)).toEqual(before);
      expect(edits.filter(({ mark }) => mark !== "-").map(({ line }) => line)).toEqual(after);
    }),
  );
});

it("takes no more lines out than a text of one change has", () => {
  expect(hunks("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n")).toBe(
    "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n",
  );
});

it("says where a text begins that was not there", () => {
  expect(hunks("", "a\nb\n")).toBe("@@ -0,0 +1,2 @@\n+a\n+b\n");
  expect(hunks("a\n", "")).toBe("@@ -1,1 +0,0 @@\n-a\n");
});

it("comes to an end with long texts that have nothing in common", () => {
  const lines = (word: string) => Array.from({ length: 20_000 }, (_, index) => `${word} ${index}`);
  expect(lineEdits(lines("a"), lines("b"))).toHaveLength(40_000);
});
