import type { JsonValue } from "@kubeferry/model";
import { missingServers } from "@kubeferry/testbed";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NASTY_TEXTS, nastyValue } from "../testing/nasty-values.ts";
import { startYamlOracle, type YamlOracle } from "../testing/yaml-oracle.ts";

const values = process.env.SOAK === "1" ? 1_000_000 : 20_000;
const batch = 1_000;

describe.skipIf(missingServers("yaml-oracle"))("emitYaml read by Go's parsers of kubectl and kustomize", () => {
  let oracle: YamlOracle;
  beforeAll(() => {
    oracle = startYamlOracle();
  });
  afterAll(() => oracle.stop());

  it("gives back every known nasty text as value, as key, in a list, between others and in flow style", async () => {
    const placed = NASTY_TEXTS.flatMap((text): JsonValue[] => [
      text,
      { value: text },
      { [text]: 1 },
      { [text]: { [text]: [text, [text, { [text]: text }]] } },
      { a: text, b: { c: [text, text] }, d: text },
      [text, [text], { [text]: [] }, {}],
      nested(70, { [text]: [text, { [text]: text }] }),
    ]);
    expect(await oracle.misreadings(placed)).toEqual([]);
  });

  it("gives back every single character, as value, as key and in a literal", async () => {
    for (let first = 0; first <= 0xffff; first += 0x2000) {
      const points = Array.from({ length: 0x2000 }, (_, offset) => first + offset);
      const chars = points
        .filter((point) => point < 0xd800 || point > 0xdfff)
        .map((point) => String.fromCodePoint(point));
      const objects = Array.from({ length: Math.ceil(chars.length / 256) }, (_, index) =>
        Object.fromEntries(
          chars.slice(index * 256, (index + 1) * 256).map((char) => [`${char}k`, `a${char}\n${char}b\n`]),
        ),
      );
      expect(await oracle.misreadings(objects)).toEqual([]);
    }
  });

  it("gives back the deepest object that the API server takes, 10,000 levels", async () => {
    expect(await oracle.misreadings([nested(9_999, [1])])).toEqual([]);
  });

  it(`gives back ${values} values made at random to be misread`, { timeout: 3_600_000 }, async () => {
    const first = Number(process.env.FUZZ_FROM ?? Date.now() % 2 ** 31);
    for (let done = 0; done < values; done += batch) {
      const sample = fc.sample(nastyValue, { numRuns: batch, seed: first + done });
      expect(await oracle.misreadings(sample), `FUZZ_FROM=${first + done}`).toEqual([]);
    }
  });

  it("would notice a writer that quotes too little", async () => {
    const careless = (value: JsonValue) => `${String(value)}\n`;
    const wrong = await oracle.misreadings(["on", "0x1F", "1e3"], careless);
    expect(wrong.map((one) => one.json)).toEqual(['"on"', '"0x1F"', '"1e3"']);
  });
});

function nested(depth: number, core: JsonValue): JsonValue {
  let value = core;
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? { a: value } : [value];
  return value;
}
