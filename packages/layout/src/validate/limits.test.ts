import type { JsonObject, JsonValue } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { checkLimits, LIMITS } from "./limits.ts";

function nested(levels: number): JsonObject {
  let value: JsonValue = "end";
  for (let level = 1; level < levels; level++) value = { a: value };
  return { spec: value } as JsonObject;
}

describe("limits of an object", () => {
  it("says nothing of 20 levels and 10,000 characters", () => {
    const object = { ...nested(20), data: { text: "x".repeat(10_000) } };
    expect(checkLimits(object, 12_000, LIMITS.default)).toEqual([]);
    expect(checkLimits(object, 12_000, LIMITS.strict)).toEqual([]);
  });

  it("warns of 21 levels, naming the deepest place, and refuses 101", () => {
    const pointer = `/spec${"/a".repeat(19)}`;
    expect(checkLimits(nested(21), 1000, LIMITS.default)).toEqual([
      { severity: "warning", rule: "nesting", field: pointer, message: "21 levels deep, above 20" },
    ]);
    expect(checkLimits(nested(101), 1000, LIMITS.default)).toMatchObject([
      { severity: "error", rule: "nesting", message: "more than 100 levels deep" },
    ]);
  });

  it("warns of 10,001 characters, and refuses more than 1.5 MB of text", () => {
    expect(checkLimits({ data: { "a/b": "x".repeat(10_001), c: "y" } }, 1000, LIMITS.default)).toEqual([
      { severity: "warning", rule: "text-length", field: "/data/a~1b", message: "10001 characters long, above 10000" },
    ]);
    expect(checkLimits({ items: ["", "x".repeat(1_500_001)] }, 1000, LIMITS.default)).toEqual([
      {
        severity: "error",
        rule: "text-length",
        field: "/items/1",
        message: "1500001 characters long, at most 1500000 may be",
      },
    ]);
  });

  it("refuses a file above 50 MB", () => {
    expect(checkLimits({}, 50_000_000, LIMITS.default)).toEqual([]);
    expect(checkLimits({}, 50_000_001, LIMITS.default)).toEqual([
      { severity: "error", rule: "object-size", message: "its file has 50000001 bytes, at most 50000000 may be" },
    ]);
  });

  it("makes errors of the same with the strict preset", () => {
    const object = { ...nested(21), data: "x".repeat(10_001) };
    expect(checkLimits(object, 1000, LIMITS.strict).map(({ severity, rule }) => `${severity} ${rule}`)).toEqual([
      "error nesting",
      "error text-length",
    ]);
  });

  it("does not exhaust the stack on 500,000 levels", () => {
    let value: JsonValue = [];
    for (let level = 0; level < 500_000; level++) value = [value];
    expect(checkLimits({ value }, 1000, LIMITS.default)).toMatchObject([{ severity: "error", rule: "nesting" }]);
  });

  it("cuts a pointer whose keys are thousands of characters long", () => {
    const [problem] = checkLimits({ ["k".repeat(5000)]: "x".repeat(10_001) }, 1000, LIMITS.default);
    expect(problem?.field?.length).toBe(301);
  });
});
