import { parseYaml } from "@kubeferry/clean";
import { expect, it } from "vitest";
import { documentsIn } from "./documents-in.ts";

it("parts a stream where a parser would, and not at dashes inside of a text", () => {
  const stream = "a: |\n  ---\n  text\nb: ---x\n---\nc: 1\n--- # with a comment\nd: '--- '\n---\n";
  expect([...documentsIn(stream)].map(parseYaml)).toEqual([{ a: "---\ntext\n", b: "---x" }, { c: 1 }, { d: "--- " }]);
});

it("finds nothing in an empty stream", () => {
  expect([...documentsIn("\n---\n")]).toEqual([]);
});
