import { expect, it } from "vitest";
import { parseJson } from "./parse-json.ts";
import { stringifyJson } from "./stringify-json.ts";

it("writes what was parsed on one line, 64-bit integers and the order of keys kept", () => {
  const text = '{"z":9223372036854775807,"a":[1,-9007199254740993,"x"],"n":null}';
  expect(stringifyJson(parseJson(text))).toBe(text);
});
