import { isDeepStrictEqual } from "node:util";
import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NASTY_TEXTS, nastyText, nastyValue } from "../testing/nasty-values.ts";
import { emitYaml } from "./emit.ts";
import { parseYamlStream } from "./parse.ts";
import { parseOwn } from "./parse-own.ts";

const nastyObject = fc
  .dictionary(nastyText, nastyValue, { minKeys: 1 })
  .filter((object) => isJsonObject(object) && canBeWritten(object));

function canBeWritten(value: JsonValue): boolean {
  try {
    emitYaml(value);
    return true;
  } catch {
    return false; // Half a surrogate pair: no YAML can carry it.
  }
}

/** What the library says of a text that holds one document; undefined where it refuses it. */
function byTheLibrary(text: string): readonly JsonValue[] | undefined {
  try {
    return parseYamlStream(text);
  } catch {
    return undefined;
  }
}

describe("reading what the emitter wrote", () => {
  it("gives what the library gives, of any object", () => {
    fc.assert(
      fc.property(nastyObject, (object) => {
        const text = emitYaml(object);
        const own = parseOwn(text);
        // A key of a thousand characters is left to the library.
        if (own === undefined) expect(text).toContain("? ");
        else expect(isDeepStrictEqual([own], byTheLibrary(text)), text).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it.each(NASTY_TEXTS)("knows %j as key, as value and in a list", (text) => {
    if (!canBeWritten(text) || text.length > 150) return;
    const object: JsonObject = { a: text, [`k${text}`]: [text, [text, { b: text }], {}, []], z: { y: { x: text } } };
    expect(parseOwn(emitYaml(object))).toEqual(parseYamlStream(emitYaml(object))[0]);
  });

  it("is done by itself for an ordinary object, however its lists and maps stand in each other", () => {
    const object: JsonObject = {
      apiVersion: "v1",
      data: { "a.conf": "one\n\n  two\nthree\n", "b.conf": "one\ntwo", empty: "", no: "no", number: "1" },
      list: [[[1, "x"], { a: [], b: {} }], { c: [{ d: null, e: [true] }], f: "a: b" }, "multi\nline\n", -1.5],
      large: 9007199254740993n,
    };
    expect(parseOwn(emitYaml(object))).toStrictEqual(object);
  });
});

describe("reading anything else", () => {
  it.each([
    "",
    "\n",
    "a\n",
    "a: 1",
    "- a\n",
    "{a: 1}\n",
    "a: b # why\n",
    "# why\na: b\n",
    "a: b\n  c\n",
    'a: "b\n  c"\n',
    "a: 'b'\n",
    "a:\n",
    "a:\n\n  b: 1\n",
    "a:\n   b: 1\n",
    "a:\n  - 1\n",
    "a: 007\n",
    "a: -0\n",
    "a: 0x1f\n",
    "a: on\n",
    "on: 1\n",
    "a: 1\na: 2\n",
    "a: &x 1\nb: *x\n",
    "a: !!str 1\n",
    "a: |+\n  b\n\n",
    "a: |2\n   b\n",
    "a: |\n   b\n  c\n",
    "a: |\n  b \n",
    "a: |-\n  b\n",
    "a: >\n  b\n",
    "a: 1\n---\nb: 2\n",
    "---\na: 1\n",
    "a: 1\n...\n",
    "a:  1\n",
    "a: 1 \n",
    "a:\t1\n",
    "a: 1\r\n",
    "? a\n: 1\n",
    "a: .inf\n",
    "a: {b: 1}\n",
    "a: [1]\n",
    "a:\n- b\nc\n",
    "a: |-\n  b\n  \ud83d\n",
    `${"k".repeat(1_001)}: 1\n`,
    `${Array.from({ length: 70 }, (_, depth) => `${"  ".repeat(depth)}a:`).join("\n")} 1\n`,
  ])("leaves %j to the library", (text) => {
    expect(parseOwn(text)).toBeUndefined();
  });

  it("never says anything else than the library, whatever was done to a text", () => {
    const pieces = fc.constantFrom(
      ..." \n:-#|>\"'{}[]&*!%?,\\~\t\r".split(""),
      "  ",
      "- ",
      ": ",
      "a",
      "1",
      "|-",
      "\n\n",
      "---\n",
    );
    const edit = fc.record({ at: fc.nat(), cut: fc.integer({ min: 0, max: 4 }), put: pieces });
    fc.assert(
      fc.property(nastyObject, fc.array(edit, { minLength: 1, maxLength: 3 }), (object, edits) => {
        const text = edits.reduce((so, { at, cut, put }) => {
          const from = at % (so.length + 1);
          return so.slice(0, from) + put + so.slice(from + cut);
        }, emitYaml(object));
        const own = parseOwn(text);
        if (own !== undefined) expect(isDeepStrictEqual([own], byTheLibrary(text)), text).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
