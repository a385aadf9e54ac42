import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitBody, fitTitle } from "./fit-text.ts";

describe("a text that is too long for a host", () => {
  it("is cut at the end of a line, and says how much is missing", () => {
    const body = `${"one line of text\n".repeat(20)}last\n`;
    expect(fitBody(body, 200)).toBe(
      `${"one line of text\n".repeat(3)}\n_Cut here: this host takes texts of 200 characters; 18 more lines are not shown._\n`,
    );
    expect(fitBody(body, body.length)).toBe(body);
  });

  it("has its open code block closed, so that the last line is read as text", () => {
    const body = `\`\`\`yaml\n${"key: value\n".repeat(60)}\`\`\`\n`;
    expect(fitBody(body, 200)).toMatch(/^```yaml\n(key: value\n)+```\n\n_Cut here/);
  });

  it("never gets longer than the limit, and no character is cut in two", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 600 });
    fc.assert(
      fc.property(text, fc.integer({ min: 200, max: 400 }), (body, limit) => {
        const fitted = fitBody(body, limit);
        expect(fitted.length).toBeLessThanOrEqual(Math.max(limit, 0));
        expect(fitted.isWellFormed()).toBe(body.isWellFormed());
        expect(fitTitle(body, 50).length).toBeLessThanOrEqual(50);
        expect(fitTitle(body, 50).isWellFormed()).toBe(true);
      }),
    );
  });

  it("that is a title becomes one line with an ellipsis", () => {
    expect(fitTitle("Update\n  shop", 50)).toBe("Update shop");
    expect(fitTitle("Update the namespace shop", 12)).toBe("Update the…");
    expect(fitTitle("🚢🚢🚢", 4)).toBe("🚢…");
  });
});
