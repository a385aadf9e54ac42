import { describe, expect, it } from "vitest";
import { parseJson } from "./parse-json.ts";

describe("parseJson", () => {
  it("keeps integers above 2^53 exact", () => {
    expect(parseJson('{"a":9007199254740993,"b":-9223372036854775808,"c":1}')).toEqual({
      a: 9007199254740993n,
      b: -9223372036854775808n,
      c: 1,
    });
  });

  it("leaves long digits inside strings and long fractions as they are", () => {
    expect(parseJson('["9007199254740993",0.1234567890123456789]')).toEqual(["9007199254740993", 0.12345678901234568]);
  });

  it("keeps a key named __proto__ as data", () => {
    const parsed = parseJson('{"__proto__":{"x":9007199254740993}}');
    expect(Object.keys(parsed as object)).toEqual(["__proto__"]);
  });

  it("finds long integers wherever in a text they stand", () => {
    for (const digits of [15, 16, 17, 19, 31, 40]) {
      const integer = 10n ** BigInt(digits) - 1n;
      for (let before = 0; before <= 33; before++) {
        const parsed = parseJson(`["${"x".repeat(before)}",${integer},-${integer}]`) as unknown[];
        const isSafe = digits <= 15;
        expect(parsed.slice(1)).toEqual(isSafe ? [Number(integer), -Number(integer)] : [integer, -integer]);
      }
    }
  });
});
