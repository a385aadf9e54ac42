import { describe, expect, it } from "vitest";
import { newPlace, parseTraceparent, printTraceparent } from "./traceparent.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

describe("a W3C traceparent", () => {
  it.each([
    ["sampled", `00-${TRACE}-${SPAN}-01`, { traceId: TRACE, spanId: SPAN, sampled: true }],
    ["not sampled", `00-${TRACE}-${SPAN}-00`, { traceId: TRACE, spanId: SPAN, sampled: false }],
    ["of a later version, with more fields", `cc-${TRACE}-${SPAN}-09-more`, { traceId: TRACE, sampled: true }],
  ])("is read: %s", (_name, text, expected) => {
    expect(parseTraceparent(text)).toMatchObject(expected);
  });

  it.each([
    ["", "nothing"],
    ["abc", "a word"],
    [`00-${TRACE}-${SPAN}`, "without flags"],
    [`00-${TRACE}-${SPAN}-01-more`, "with a field that version 00 has not"],
    [`ff-${TRACE}-${SPAN}-01`, "of the version that is none"],
    [`00-${"0".repeat(32)}-${SPAN}-01`, "of a trace of zeros"],
    [`00-${TRACE}-${"0".repeat(16)}-01`, "of a span of zeros"],
    [`00-${TRACE.toUpperCase()}-${SPAN}-01`, "in upper case"],
    [`00-${TRACE}x-${SPAN}-01`, "of a longer trace"],
    [` 00-${TRACE}-${SPAN}-01`, "after a blank"],
    [`00-${TRACE}-${SPAN}-01\n`, "before a line break"],
  ])("is refused: %j, %s", (text) => {
    expect(parseTraceparent(text)).toBeUndefined();
  });

  it("is printed as it was read, and what is below it stays in its trace and in its choice", () => {
    const parent = parseTraceparent(`00-${TRACE}-${SPAN}-00`);
    const below = newPlace(parent);
    expect(below).toMatchObject({ traceId: TRACE, sampled: false });
    expect(below.spanId).not.toBe(SPAN);
    expect(printTraceparent(below)).toBe(`00-${TRACE}-${below.spanId}-00`);
    expect(newPlace(undefined).traceId).not.toBe(newPlace(undefined).traceId);
  });
});
