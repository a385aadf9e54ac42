import fc from "fast-check";
import { expect, it } from "vitest";
import { countMentions } from "./mentions.ts";

const nameOf = (namespace: string): string => (namespace === "shop" ? "shop-dev" : namespace);

/** What counts as one, without any short cut. */
function isMention(text: string): boolean {
  const others = text.replaceAll("kubernetes.default.svc", "");
  return [...others.matchAll(/\.([a-z0-9-]{1,63})\.svc\b/g)].some(([, namespace]) => namespace === "shop");
}

it("counts a text exactly where a host name in it is that of a Service in a namespace that is called otherwise", () => {
  const part = fc.constantFrom("kubernetes.default.svc", ".shop", ".team", ".svc", "svc", ".", "db", "s", "/", " ");
  const text = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (value) => {
      const object = { data: { value } };
      expect(countMentions({ before: object, after: object }, nameOf)).toBe(isMention(value) ? 1 : 0);
    }),
    { numRuns: 2_000 },
  );
});
