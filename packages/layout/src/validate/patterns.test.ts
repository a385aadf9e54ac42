import { parseJson } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { checkPatterns } from "./patterns.ts";

describe("patterns", () => {
  it.each(["eval(", "exec(", "__import__", "subprocess", "os.system", "${", "{{"])("finds %s in a text", (pattern) => {
    const object = { data: { "run.txt": `before ${pattern}hidden after` } };
    expect(checkPatterns(object, "warning")).toEqual([
      { severity: "warning", rule: "pattern", field: "/data/run.txt", message: `holds "${pattern}"` },
    ]);
  });

  it("names each pattern once, at its first place, and looks into keys and lists", () => {
    const object = { data: { "{{key": "a" }, list: ["x", { y: "{{ and ${" }] };
    expect(checkPatterns(object, "error").map(({ field, message }) => `${field} ${message}`)).toEqual([
      '/data/{{key holds "{{"',
      '/list/1/y holds "${"',
    ]);
  });

  it("says nothing of ordinary text", () => {
    expect(checkPatterns({ data: { a: "evaluate { $HOME } execute" } }, "error")).toEqual([]);
  });

  it("looks below a key called __proto__", () => {
    const object = parseJson('{"data": {"__proto__": "{{"}}') as never;
    expect(checkPatterns(object, "error")).toMatchObject([{ field: "/data/__proto__" }]);
  });
});
