import type { JsonValue } from "@kubeferry/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { firstDifference } from "../equal.ts";
import { nastyText, nastyValue } from "../testing/nasty-values.ts";
import { emitYaml } from "./emit.ts";
import { parseYaml } from "./parse.ts";

describe("emitYaml", () => {
  it("writes sorted keys, lists without indentation, literals for lines and digits for large integers", () => {
    const object = {
      kind: "Widget",
      apiVersion: "example.com/v1",
      spec: {
        image: "nginx:1.25",
        args: ["--port=80", "on"],
        matrix: [[1, 2], [], [{ b: true, a: null }]],
        script: "set -e\n\n\techo hi\n",
        trailing: "no end of line\nhere",
        big: 9007199254740993n,
        tiny: 1e-7,
        huge: 1e21,
        half: 0.5,
        empty: { map: {}, list: [], text: "" },
      },
    };
    expect(emitYaml(object)).toBe(
      [
        "apiVersion: example.com/v1",
        "kind: Widget",
        "spec:",
        "  args:",
        '  - "--port=80"',
        '  - "on"',
        "  big: 9007199254740993",
        "  empty:",
        "    list: []",
        "    map: {}",
        '    text: ""',
        "  half: 0.5",
        "  huge: 1.0e+21",
        "  image: nginx:1.25",
        "  matrix:",
        "  - - 1",
        "    - 2",
        "  - []",
        "  - - a: null",
        "      b: true",
        "  script: |",
        "    set -e",
        "",
        "    \techo hi",
        "  tiny: 1.0e-7",
        "  trailing: |-",
        "    no end of line",
        "    here",
        "",
      ].join("\n"),
    );
  });

  it("quotes what a parser could take for something else, as value and as key", () => {
    const words = {
      y: "No",
      null: "~",
      "0x1F": "12:30:45",
      "1e3": "2001-01-01",
      "- a": "# b",
      "k: v": "a: b",
      "": " ",
    };
    expect(emitYaml(words)).toBe(
      [
        '"": " "',
        '"- a": "# b"',
        '"0x1F": "12:30:45"',
        '"1e3": "2001-01-01"',
        '"k: v": "a: b"',
        '"null": "~"',
        '"y": "No"',
        "",
      ].join("\n"),
    );
  });

  it.each("y n yes no on off true false null nan inf infinity".split(" "))(
    "quotes %s in every case, because some parser reads no text in it",
    (word) => {
      for (const text of [word, word.toUpperCase(), `${word[0]?.toUpperCase()}${word.slice(1)}`]) {
        expect(emitYaml({ key: text })).toBe(`key: "${text}"\n`);
        expect(emitYaml({ [text]: 1 })).toBe(`"${text}": 1\n`);
      }
    },
  );

  it("sorts keys by their UTF-8 bytes, where JavaScript puts U+1F600 before U+E000", () => {
    expect(emitYaml({ "\u{1f600}": 1, "\ue000": 2, Z: 3, a: 4 })).toBe('Z: 3\na: 4\n"\ue000": 2\n"\u{1f600}": 1\n');
  });

  it("sorts many keys as it sorts few", () => {
    const keys = Array.from({ length: 60 }, (_, index) => `k${(index * 7919) % 1000}`);
    const expected = keys.toSorted().map((key) => `${key}: 1\n`);
    expect(emitYaml(Object.fromEntries(keys.map((key) => [key, 1])))).toBe(expected.join(""));
  });

  it("escapes what Go's parsers refuse and leaves characters above U+FFFF as they are", () => {
    expect(emitYaml(["\u007f\u0085\u009f\u2028\u2029\ufeff\uffff", "\u{1f600} é"])).toBe(
      '- "\\u007f\\u0085\\u009f\\u2028\\u2029\\ufeff\\uffff"\n- "\u{1f600} é"\n',
    );
  });

  it("keeps __proto__ and constructor as ordinary keys", () => {
    expect(emitYaml(JSON.parse('{"constructor":1,"__proto__":{"polluted":true}}') as JsonValue)).toBe(
      '"__proto__":\n  polluted: true\nconstructor: 1\n',
    );
  });

  it("puts a question mark before keys of more than 1,000 characters", () => {
    const key = "k".repeat(1001);
    expect(emitYaml({ [key]: { a: ["x"] } })).toBe(`? ${key}\n: {"a": ["x"]}\n`);
  });

  it("writes what is nested more than 64 levels deep on one line", () => {
    const nested = (levels: number, core: JsonValue): JsonValue =>
      levels === 0 ? core : { a: nested(levels - 1, core) };
    const lines = emitYaml(nested(66, "x")).split("\n");
    expect(lines.slice(62)).toEqual([`${" ".repeat(124)}a:`, `${" ".repeat(126)}a: {"a": {"a": "x"}}`, ""]);
  });

  it("writes a large integral double as Kubernetes' own JSON does, in its shortest digits", () => {
    expect(emitYaml([1234567890123456800, 1e20, -0, 1.5e300])).toBe(
      "- 1234567890123456800\n- 100000000000000000000\n- 0\n- 1.5e+300\n",
    );
  });

  it("refuses half a surrogate pair, naming the place and not the value", () => {
    expect(() => emitYaml({ data: { "a/b": ["x", "secret\ud800"] } })).toThrow(
      'yaml: write the value at "/data/a~1b/1": invalid: the text holds half a surrogate pair',
    );
    expect(() => emitYaml({ data: { "k\udc00": 1 } })).toThrow("a key holds half a surrogate pair");
    expect(() => emitYaml({ script: "a\n\ud800b\n" })).toThrow('at "/script"');
  });

  it("refuses numbers that JSON does not know", () => {
    expect(() => emitYaml({ a: { b: Number.NaN } })).toThrow('at "/a/b": invalid: the number is not finite');
  });

  it("refuses more than 10,000 levels and writes 10,000", () => {
    let deepest: JsonValue = [];
    for (let level = 1; level < 10_000; level++) deepest = [deepest];
    expect(emitYaml(deepest).endsWith("]\n")).toBe(true);
    expect(() => emitYaml([deepest])).toThrow("nested more than 10000 levels deep");
  });

  it("gives the same bytes for equal objects, whatever the order of their keys", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(nastyText, nastyValue), { selector: ([key]) => key }), (entries) => {
        expect(emitYaml(Object.fromEntries(entries.toReversed()))).toBe(emitYaml(Object.fromEntries(entries)));
      }),
    );
  });

  it("ends in exactly one line break, and no line ends in a blank", () => {
    fc.assert(
      fc.property(nastyValue, (value) => {
        const text = emitYaml(value);
        expect(text).toMatch(/[^\n]\n$/);
        expect(text).not.toMatch(/[ \t]\n/);
      }),
    );
  });

  it("keeps a last line of a no-break space, which is no blank to YAML, as a line of text", () => {
    const text = emitYaml({ note: "a\n\u00a0" });
    expect(text).toBe("note: |-\n  a\n  \u00a0\n");
    expect(parseYaml(text)).toEqual({ note: "a\n\u00a0" });
  });

  it("comes back equal through parseYaml", () => {
    fc.assert(
      fc.property(nastyValue, (value) => {
        expect(firstDifference(value, parseYaml(emitYaml(value)))).toBeUndefined();
      }),
      { numRuns: 3_000 },
    );
  });

  it("comes back equal through a parser of YAML 1.1", () => {
    const options = { version: "1.1", merge: false, intAsBigInt: true, logLevel: "error" } as const;
    fc.assert(
      fc.property(nastyValue, (value) => {
        expect(firstDifference(value, parse(emitYaml(value), options) as JsonValue)).toBeUndefined();
      }),
      { numRuns: 3_000 },
    );
  });
});
