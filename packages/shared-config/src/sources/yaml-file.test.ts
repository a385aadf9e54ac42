import { describe, expect, it } from "vitest";
import { nodeAt, originText, plain } from "../sourced.ts";
import { parseYaml } from "./yaml-file.ts";

function parsed(text: string): unknown {
  const { tree, problems } = parseYaml("f.yaml", text);
  expect(problems).toEqual([]);
  return tree === undefined ? undefined : plain(tree);
}

describe("a YAML file", () => {
  it("may use anchors and merge keys; what is written beside a merge wins, and earlier merges win", () => {
    expect(
      parsed(`
a: &a { x: 1, y: 2 }
b: &b { y: 3, z: 4 }
c: { <<: *a, x: 9 }
d:
  y: 7
  <<: [*a, *b]
e: *b
`),
    ).toEqual({ a: { x: 1, y: 2 }, b: { y: 3, z: 4 }, c: { x: 9, y: 2 }, d: { x: 1, y: 7, z: 4 }, e: { y: 3, z: 4 } });
  });

  it("is read by YAML 1.2: yes, no and 0777 are what they look like", () => {
    expect(parsed("a: yes\nb: 0777\nc: null\n12: x\n")).toEqual({ a: "yes", b: 777, c: null, 12: "x" });
  });

  it("may be empty, or all comments", () => {
    expect(parsed("")).toBeUndefined();
    expect(parsed("# later\n---\n# still\n")).toBeUndefined();
  });

  it("remembers on which line each value stands, and of an alias where it is used", () => {
    const { tree } = parseYaml("f.yaml", "a: &a\n  x: 1\nb:\n  - p\n  - { q: *a }\n");
    const lineOf = (...path: (string | number)[]) => {
      const node = nodeAt(tree, path);
      return node === undefined ? undefined : originText(node.origin);
    };
    expect([lineOf("a"), lineOf("a", "x"), lineOf("b", 1, "q")]).toEqual(["f.yaml:1", "f.yaml:2", "f.yaml:5"]);
  });

  it.each([
    ["twice the same key", "a: 1\na: 2\n", "the same key stands twice in one section; drop one of them", 2],
    ["a tab", "a:\n\tb: 1\n", "is indented with a tab; use spaces", 2],
    [
      "an unknown anchor",
      "a: *nope\n",
      "refers to an anchor that is not defined above; a text that begins with * needs quotes",
      1,
    ],
    ["an unknown tag", "a: !nope x\n", "has an unknown tag; a text that begins with ! needs quotes", 1],
    ["a merge of a text", "a: 1\nb: { <<: text }\n", "merges (<<) something that is no section", 2],
    ["a list at its root", "# all\n- a: 1\n", "holds a list; write sections, such as store: { … }", 2],
    ["a text and no key", "secret\n", "holds one text; write sections, such as store: { … }", 1],
    ["an alias in its own anchor", "a: &a\n  b: *a\n", "is too large or too deep, or its aliases repeat each other", 2],
  ])("is refused for %s, with the line", (_what, text, problem, line) => {
    expect(parseYaml("f.yaml", text).problems).toEqual([{ path: "f.yaml", source: `f.yaml:${line}`, text: problem }]);
  });

  it("is refused at once when its aliases multiply", () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level},`.repeat(9)}]`,
    );
    const { problems } = parseYaml("f.yaml", `l0: &l0 [x,x,x,x,x,x,x,x,x]\n${levels.join("\n")}\n`);
    expect(problems[0]?.text).toBe("is too large or too deep, or its aliases repeat each other");
  });

  it("is refused when it holds several documents", () => {
    expect(parseYaml("f.yaml", "a: 1\n---\nb: 1\n").problems[0]?.text).toMatch(/^holds several documents/);
  });
});
