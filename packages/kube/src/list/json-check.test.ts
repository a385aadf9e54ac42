import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isCompactJson } from "./json-check.ts";

describe("isCompactJson", () => {
  it("takes whatever a serializer writes", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(isCompactJson(Buffer.from(JSON.stringify(value)))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("says what JSON.parse says of a text in which one byte is another, or gone", () => {
    const damage = fc.record({
      at: fc.nat(),
      byte: fc.option(fc.constantFrom(...'{}[]",:\\0123.eE+-tfnu x\u0001'), { nil: "" }),
    });
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), damage, (value, { at, byte }) => {
        const text = JSON.stringify(value);
        const cut = at % text.length;
        const damaged = text.slice(0, cut) + byte + text.slice(cut + 1);
        // White space outside strings never gets here.
        fc.pre(damaged === damaged.trim() && !/[\s](?=(?:[^"\\]|\\.|"(?:[^"\\]|\\.)*")*$)/.test(damaged));
        expect(isCompactJson(Buffer.from(damaged))).toBe(parses(damaged));
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    '{"a":ture}',
    '{"a":nul}',
    "[01]",
    "[-]",
    "[1.]",
    "[.5]",
    "[1e]",
    "[+1]",
    "[1,]",
    "[,1]",
    '{"a":1,}',
    '{"a"}',
    "{1:2}",
    '{"a":}',
    '["\\x"]',
    '["\\u12g4"]',
    '["\u0001"]',
    "[1}",
    "[[]",
    "[]]",
    "",
    "1 2",
  ])("refuses %s", (text) => {
    expect(isCompactJson(Buffer.from(text))).toBe(false);
  });

  it("refuses bytes that are no UTF-8", () => {
    expect(isCompactJson(Buffer.from([0x22, 0xff, 0x22]))).toBe(false);
    expect(isCompactJson(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]))).toBe(false);
  });

  it("stands nesting of any depth", () => {
    const depth = 1_000_000;
    expect(isCompactJson(Buffer.from("[".repeat(depth) + "]".repeat(depth)))).toBe(true);
  });
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
