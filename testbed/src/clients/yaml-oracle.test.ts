import { afterAll, describe, expect, it } from "vitest";
import { missingServers, servers } from "../index.ts";

describe.skipIf(missingServers("yaml-oracle"))("the YAML oracle", () => {
  const oracle = missingServers("yaml-oracle") === undefined ? servers.yamlOracle() : undefined;
  afterAll(() => oracle?.close());
  const judge = async (json: string, yaml: string) => (await oracle?.judge(json, yaml)) ?? [];
  const parsersThatDiffer = async (json: string, yaml: string) => (await judge(json, yaml)).map(({ parser }) => parser);

  it.each([
    ["a map", '{"a":{"b":[1,true,null,"x"]}}', "a:\n  b: [1, true, null, x]\n"],
    ["an int64 above 2^53", '{"v":9007199254740993}', "v: 9007199254740993\n"],
    ["the highest uint64", '{"v":18446744073709551615}', "v: 18446744073709551615\n"],
    ["a float written in another way", '{"v":1500000.0}', "v: 1.5e+6\n"],
    ["quoted words that YAML 1.1 reads otherwise", '{"n":"yes","y":"0777"}', '"n": "yes"\n"y": "0777"\n'],
    ["escaped control characters", '{"s":"\\u0085\\u007f\\u2028\\ufeff"}', 's: "\\u0085\\u007f\\u2028\\uFEFF"\n'],
    ["the order of keys", '{"a":1,"b":2}', "b: 2\na: 1\n"],
    ["a JSON text", '{"a":["b"]}', '{"a":["b"]}'],
  ])("finds no difference in %s", async (_, json, yaml) => {
    expect(await judge(json, yaml)).toEqual([]);
  });

  it.each([
    ["an int64 that lost its last digit", '{"v":9007199254740993}', "v: 9007199254740992\n"],
    ["an int64 that became its nearest float", '{"v":9007199254740993}', "v: 9007199254740993.0\n"],
    ["a string that reads as a number", '{"s":"1e3"}', "s: 1e3\n"],
    ["a string that reads as an octal number", '{"s":"0777"}', "s: 0777\n"],
    ["a missing key", '{"a":1,"b":2}', "a: 1\n"],
    ["a key too many", '{"a":1}', "a: 1\nb: 2\n"],
    ["a key twice", '{"a":1}', "a: 1\na: 1\n"],
    ["a shorter sequence", '{"a":[1,2]}', "a: [1]\n"],
    ["null for an empty map", '{"a":{}}', "a:\n"],
    ["a text that is no YAML", '{"a":"b"}', "a: [\n"],
  ])("both parsers report %s", async (_, json, yaml) => {
    expect(new Set(await parsersThatDiffer(json, yaml))).toEqual(new Set(["sigs.k8s.io/yaml", "yaml.v3"]));
  });

  it("knows where the parsers disagree: a key n is a boolean to Kubernetes only", async () => {
    expect(new Set(await parsersThatDiffer('{"n":"a"}', "n: a\n"))).toEqual(new Set(["sigs.k8s.io/yaml"]));
  });

  it("knows where the parsers disagree: a date is a time to yaml.v3 only", async () => {
    expect(await parsersThatDiffer('{"d":"2025-01-02"}', "d: 2025-01-02\n")).toEqual(["yaml.v3"]);
  });

  it("reports a key that is no string, and a second document", async () => {
    expect(await judge('{"1":"a"}', "1: a\n")).toContainEqual(
      expect.objectContaining({ parser: "yaml.v3", detail: expect.stringContaining("a key must be a string") }),
    );
    expect(await parsersThatDiffer('{"a":1}', "a: 1\n---\nb: 2\n")).toContain("yaml.v3");
  });

  it("says where the difference is", async () => {
    expect(await judge('{"a":{"b":["x"]}}', "a: {b: [y]}\n")).toContainEqual({
      parser: "yaml.v3",
      detail: '$.a.b[0]: want string "x", got string "y"',
    });
  });

  it("refuses a pair whose JSON is none, and goes on", async () => {
    await expect(judge("{", "a: 1\n")).rejects.toThrow(/"json" is not one JSON value/);
    expect(await judge("1", "1")).toEqual([]);
  });

  it("answers 20,000 pairs in order", async () => {
    const answers = Array.from({ length: 20_000 }, (_, n) => judge(String(n), String(n - (n % 1_000 === 0 ? 1 : 0))));
    const wrong = (await Promise.all(answers)).flatMap((differences, n) => (differences.length > 0 ? [n] : []));
    expect(wrong).toEqual(Array.from({ length: 20 }, (_, n) => n * 1_000));
  });
});
