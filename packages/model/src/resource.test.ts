import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareUtf8 } from "./resource.ts";

describe("compareUtf8", () => {
  it("orders any two texts as their UTF-8 bytes are ordered", () => {
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(text, text, (left, right) => {
        expect(Math.sign(compareUtf8(left, right))).toBe(
          Math.sign(Buffer.compare(Buffer.from(left), Buffer.from(right))),
        );
      }),
    );
  });

  it("puts U+1F600 after U+E000, where JavaScript's own comparison does the opposite", () => {
    expect("\u{1f600}" < "\ue000").toBe(true);
    expect(compareUtf8("\u{1f600}", "\ue000")).toBeGreaterThan(0);
  });
});
