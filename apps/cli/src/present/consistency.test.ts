import { expect, it } from "vitest";
import { consistencyLines } from "./consistency.ts";

it("says nothing of types that are consistent each for itself, as was asked", () => {
  expect(consistencyLines({ asked: "type", revision: null, held: true, exceptions: [] })).toEqual([]);
});

it("names the revision of a cut that held", () => {
  expect(consistencyLines({ asked: "cut", revision: "42", held: true, exceptions: [] })).toEqual([
    "of one moment: all types at revision 42",
  ]);
});

it("names the types that are not of the cut, and counts the rest of many", () => {
  const exceptions = Array.from({ length: 60 }, (_, index) => ({ resource: `type-${index}`, reason: "expired" }));
  expect(consistencyLines({ asked: "cut", revision: "42", held: false, exceptions })).toEqual([
    "not of one moment: types at revision 42, but type-0, type-1, type-2, type-3, type-4 and 55 more (expired)",
  ]);
});

it("says it when there was no revision to be had", () => {
  expect(consistencyLines({ asked: "cut", revision: null, held: false, exceptions: [] })).toEqual([
    "not of one moment: no revision could be read, each type is of its own",
  ]);
});
