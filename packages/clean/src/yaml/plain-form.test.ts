import fc from "fast-check";
import { expect, it } from "vitest";
import { isPlainForm } from "./plain-form.ts";

/** The same as one expression. */
const PLAIN = /^(?![eE][-+]?\d)[A-Za-z/][\w./-]*(?::[\w./-]+)*$/;

it("takes exactly the texts that the expression for them fits", () => {
  const part = fc.constantFrom(
    "a",
    "E",
    "e",
    "5",
    "_",
    "-",
    "+",
    ".",
    "/",
    ":",
    "::",
    " ",
    "\n",
    "é",
    "~",
    "\u{10ffff}",
    "Z9",
  );
  const text = fc.oneof(
    fc.array(part, { maxLength: 6 }).map((parts) => parts.join("")),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(text, (value) => {
      expect(isPlainForm(value)).toBe(PLAIN.test(value));
    }),
    { numRuns: 20_000 },
  );
});
