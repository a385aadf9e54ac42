import type { JsonValue } from "@kubeferry/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { equalJson, firstDifference } from "./equal.ts";
import { nastyValue } from "./testing/nasty-values.ts";

describe("equalJson", () => {
  it("compares numbers by value and never rounds them", () => {
    expect(equalJson(5n, 5)).toBe(true);
    expect(equalJson(0, -0)).toBe(true);
    expect(equalJson(9007199254740993n, 9007199254740992)).toBe(false);
    expect(equalJson(1n, 1.5)).toBe(false);
    expect(equalJson(1, "1")).toBe(false);
  });

  it("ignores the order of keys but not that of lists", () => {
    expect(equalJson({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBe(true);
    expect(equalJson([1, 2], [2, 1])).toBe(false);
  });

  it("tells null, missing, {} and [] apart", () => {
    const values: JsonValue[] = [null, {}, [], "", false, 0, { a: null }, [null]];
    for (const left of values) {
      for (const right of values) expect(equalJson(left, right)).toBe(left === right);
    }
  });

  it("does not find keys on the prototype", () => {
    expect(equalJson({ constructor: 1 }, {})).toBe(false);
    expect(equalJson(JSON.parse('{"__proto__":{}}') as JsonValue, {})).toBe(false);
  });

  it("compares objects 10,000 levels deep", () => {
    const deep = (core: JsonValue): JsonValue => {
      let value = core;
      for (let level = 0; level < 10_000; level++) value = [value];
      return value;
    };
    expect(equalJson(deep(1), deep(1))).toBe(true);
    expect(equalJson(deep(1), deep(2))).toBe(false);
  });

  it("finds any value equal to its copy", () => {
    fc.assert(
      fc.property(nastyValue, (value) => {
        expect(equalJson(value, structuredClone(value))).toBe(true);
      }),
    );
  });
});

describe("firstDifference", () => {
  it("names the first place by its JSON Pointer, with what either side has there", () => {
    const left = { spec: { "a/b": [{ x: 1 }, { x: 2 }], z: 1 } };
    expect(firstDifference(left, { spec: { "a/b": [{ x: 1 }, { x: 3 }], z: 2 } })).toEqual({
      path: "/spec/a~1b/1/x",
      left: 2,
      right: 3,
    });
    expect(firstDifference(left, { spec: { "a/b": [{ x: 1 }], z: 1 } })).toEqual({
      path: "/spec/a~1b/1",
      left: { x: 2 },
      right: undefined,
    });
    expect(firstDifference(left, left)).toBeUndefined();
  });
});
