import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineKey } from "./line-key.ts";

function keyOf(line: string): string | undefined {
  return lineKey(Buffer.from(line));
}

describe("lineKey", () => {
  it("reads namespace and name where API servers put them", () => {
    expect(keyOf('{"kind":"Node","apiVersion":"v1","metadata":{"name":"one","uid":"u"}}')).toBe("one");
    expect(
      keyOf('{"apiVersion":"v1","kind":"X","metadata":{"annotations":{"name":"no"},"name":"web","namespace":"shop"}}'),
    ).toBe("shop/web");
  });

  it("is not misled by texts and members in front of the metadata", () => {
    const nasty = String.raw`{"a":"\"metadata\":{\"name\":\"no\"}","b":[{"metadata":{"name":"no"}},"]}\\"],"c":{"metadata":{"name":"no"}},"d":-1.5e3,"e":null,"metadata":{"labels":{"x":"}"},"namespace":"ns","name":"yes"}}`;
    expect(keyOf(nasty)).toBe("ns/yes");
  });

  it("knows no key of what is no object with a name", () => {
    for (const line of [
      "",
      "{}",
      "[]",
      "null",
      '{"metadata":{}}',
      '{"metadata":{"name":""}}',
      '{"metadata":{"name":1}}',
      '{"metadata":"x"}',
      '{"metadata":{"name":"x',
    ]) {
      expect(keyOf(line)).toBe(undefined);
    }
  });

  it("reads the same key that a JSON parser reads, whatever else the object holds", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.string({ minLength: 1 }),
        fc.string({ minLength: 1 }),
        fc.boolean(),
        (rest, name, namespace, last) => {
          const { metadata: _m, name: _n, namespace: _s, ...others } = rest;
          const metadata = { ...(last ? others : {}), name, namespace, ...(last ? {} : others) };
          const line = JSON.stringify(last ? { ...others, metadata } : { metadata, ...others });
          const parsed = JSON.parse(line).metadata;
          expect(keyOf(line)).toBe(`${parsed.namespace}/${parsed.name}`);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
