import { describe, expect, it } from "vitest";
import { parseYaml, parseYamlStream } from "./parse.ts";

describe("parseYaml", () => {
  it("reads integers exactly: safe ones as number, larger ones as bigint", () => {
    expect(parseYaml("a: 1\nb: 9007199254740993\nc: -9223372036854775808\nd: 1.0\ne: 0x1F\n")).toEqual({
      a: 1,
      b: 9007199254740993n,
      c: -9223372036854775808n,
      d: 1,
      e: 31,
    });
  });

  it("takes every key for a text and <<, yes and times for what they look like", () => {
    expect(parseYaml("1: a\nn: yes\ntrue: x\n<<: {a: 1}\nat: 12:30:45\non: 2001-01-01\n")).toEqual({
      "1": "a",
      n: "yes",
      true: "x",
      "<<": { a: 1 },
      at: "12:30:45",
      on: "2001-01-01",
    });
  });

  it("reads a key named __proto__ as data", () => {
    expect(Object.keys(parseYaml("__proto__: {a: 12345678901234567890}\n") as object)).toEqual(["__proto__"]);
  });

  it("resolves anchors, and refuses those that expand without measure", () => {
    expect(parseYaml("a: &x [1]\nb: *x\n")).toEqual({ a: [1], b: [1] });
    const level = (name: string, of: string) => `${name}: &${name} [${Array(12).fill(`*${of}`).join(", ")}]\n`;
    expect(() => parseYaml(`a: &a [1]\n${level("b", "a")}${level("c", "b")}${level("d", "c")}`)).toThrow(
      "yaml: read a document: unreadable: its aliases expand without measure",
    );
  });

  it("refuses broken YAML, a key twice, infinity and a second document without quoting the text", () => {
    expect(() => parseYaml("a: [hunter2")).toThrow(/^yaml: read a document: unreadable: \w+ at line 1, column \d+;/);
    expect(() => parseYaml("a: 1\na: 2\n")).toThrow("DUPLICATE_KEY at line 2, column 1");
    expect(() => parseYaml("a: .inf\n")).toThrow("not finite");
    expect(() => parseYaml("a: 1\n---\nb: 2\n")).toThrow("2 documents");
  });

  it("reads an empty text as null", () => {
    expect(parseYaml("")).toBeNull();
  });
});

describe("parseYamlStream", () => {
  it("reads all documents in order and leaves out empty ones", () => {
    expect(parseYamlStream("---\na: 1\n---\n# nothing\n---\nb: 2\n")).toEqual([{ a: 1 }, { b: 2 }]);
    expect(parseYamlStream("")).toEqual([]);
  });
});
