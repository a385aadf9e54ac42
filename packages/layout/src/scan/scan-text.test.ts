import fc from "fast-check";
import { expect, it } from "vitest";
import { denseBase64, findInText } from "./scan-text.ts";

it("finds base64 whatever white space is in it, and nothing else", () => {
  const part = fc.constantFrom("QUJD", "ab+/", "=", " ", "\n", "\t", "-", ".", "ä", "\u00a0");
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), fc.integer({ min: 0, max: 20 }), (parts, least) => {
      const text = parts.join("");
      const dense = text.replace(/\s/g, "");
      const isBase64 = dense.length >= least && /^[A-Za-z0-9+/]+={0,2}$/.test(dense);
      expect(denseBase64(text, least)).toBe(isBase64 ? dense : undefined);
    }),
  );
});

it("finds a credential by its name in any line of a long text", () => {
  const lines = Array.from({ length: 500 }, (_, line) => `key.${line}=some value`);
  expect(findInText(lines.join("\n"))).toBeUndefined();
  for (const line of ["db.password=hunter2-and-more", "  apiKey: 8sdf7sDF8s7df", 'x <add "token":"8sdf7sDF8s7df">']) {
    expect(findInText([...lines, line, ...lines].join("\n")), line).toBeDefined();
  }
});
