import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ListHead } from "./list-head.ts";
import { createListSplitter } from "./list-splitter.ts";

describe("createListSplitter", () => {
  it("gives the same items and head for any JSON, any order of fields, any white space and any chunking", () => {
    const field = fc.constantFrom("kind", "apiVersion", "metadata", "items", "remaining", "x");
    const list = fc.record({
      items: fc.array(fc.jsonValue(), { maxLength: 8 }),
      other: fc.jsonValue(),
      order: fc.shuffledSubarray(["kind", "apiVersion", "metadata", "items", "other"], { minLength: 5 }),
      indent: fc.constantFrom("", " ", "\t", "   "),
      cuts: fc.array(fc.nat(), { maxLength: 12 }),
      strange: field,
    });
    fc.assert(
      fc.property(list, ({ items, other, order, indent, cuts, strange }) => {
        const values = {
          kind: "WidgetList",
          apiVersion: "example.com/v1",
          metadata: { resourceVersion: "42", continue: 'a"b\\', nested: [{ items: [1] }] },
          items,
          other: { [strange]: other },
        } as const;
        const text = JSON.stringify(
          Object.fromEntries(order.map((key) => [key, values[key as "items"]])),
          null,
          indent,
        );
        expect(split(Buffer.from(text), cuts)).toEqual({
          items: items.map((item) => JSON.stringify(item)),
          head: { kind: "WidgetList", apiVersion: "example.com/v1", resourceVersion: "42", continueToken: 'a"b\\' },
        });
      }),
      { numRuns: 2_000 },
    );
  });

  it("says of a damaged list the same in one chunk as byte by byte", () => {
    const damage = fc.record({ at: fc.nat(), byte: fc.constantFrom(...'{}[]",:\\0tn \u0001é', "") });
    fc.assert(
      fc.property(fc.array(fc.object(), { minLength: 1, maxLength: 4 }), damage, (items, { at, byte }) => {
        const text = JSON.stringify({ items, metadata: {} });
        const cut = at % text.length;
        const body = Buffer.from(text.slice(0, cut) + byte + text.slice(cut + 1));
        const everyByte = Array.from(body, (_, index) => index);
        expect(outcomeOf(body, [])).toEqual(outcomeOf(body, everyByte));
      }),
      { numRuns: 300 },
    );
  });

  it("refuses bytes that are no UTF-8, in one chunk and byte by byte", () => {
    const body = Buffer.from('{"items":[{"a":"x"}]}');
    body[body.indexOf("x")] = 0xff;
    for (const cuts of [[], Array.from(body, (_, index) => index)]) {
      expect(() => split(body, cuts)).toThrow("the answer is no JSON list");
    }
  });

  it("refuses an object above the limit that came in one chunk", () => {
    const splitter = createListSplitter({ operation: "list pods", maxItemBytes: 100 });
    expect(() => splitter.push(Buffer.from(`{"items":[{"a":"${"x".repeat(100)}"}]}`))).toThrow(
      "an object is larger than 100 bytes",
    );
  });

  it("cuts a list of one byte a chunk", () => {
    const body = Buffer.from('{"items":[{"a":"\\"}]"},{"b":"\\\\"},"x,]",[1,2]],"metadata":{}}');
    const everyByte = Array.from(body, (_, index) => index);
    expect(split(body, everyByte).items).toEqual(['{"a":"\\"}]"}', '{"b":"\\\\"}', '"x,]"', "[1,2]"]);
  });

  it("refuses two numbers with only a space between them, also where a chunk ends there", () => {
    const body = Buffer.from('{"items":[{"a":1 2}]}');
    for (const cut of [15, 16, 17]) expect(() => split(body, [cut])).toThrow("the answer is no JSON list");
  });

  it("leaves numbers, escapes and the order of fields as they were sent", () => {
    const item = '{"z":9007199254740993,"a":1.0,"e":1e3,"s":"\\u003c\\/é\\u0085","é":-0}';
    expect(split(Buffer.from(`{"items":[${item}]}`), []).items).toEqual([item]);
  });

  it("removes white space outside strings and none inside", () => {
    const body = '{ "items" : [\n\t{ "a" : " b\\n c " , "d" : [ 1 , 2 ] }\r\n] }\n';
    expect(split(Buffer.from(body), [3, 11, 17, 25]).items).toEqual(['{"a":" b\\n c ","d":[1,2]}']);
  });

  it("takes null for items as an empty list, as Go writes one", () => {
    expect(split(Buffer.from('{"metadata":{"resourceVersion":"5"},"items":null}'), []).head.resourceVersion).toBe("5");
  });

  it("knows the revision before the items have come, where the server sends it first", () => {
    const splitter = createListSplitter({ operation: "list pods", maxItemBytes: 1_000 });
    splitter.push(Buffer.from('{"metadata":{"resourceVersion":"5"},"items":[{"a":1},{"b'));
    expect(splitter.head().resourceVersion).toBe("5");
  });

  it("calls a body that ends early unavailable, wherever it is cut", () => {
    const body = '{"kind":"PodList","items":[{"a":"b"},{}],"metadata":{}}';
    for (let length = 0; length < body.length; length++) {
      expect(() => split(Buffer.from(body.slice(0, length)), [])).toThrow(
        "kube: list pods: unavailable: the answer ended before the list did",
      );
    }
  });

  it.each([
    ["a misspelt word deep inside", '{"items":[{"a":[{"b":ture}]}]}'],
    ["a number with a leading zero", '{"items":[{"a":01}]}'],
    ["a key without quotes around it", '{"items":[{"a":{1:2}}]}'],
    ["two values without a comma between them", '{"items":[{"a":[{}{}]}]}'],
    ["two numbers with only a space between them", '{"items":[{"a":1 2}]}'],
    ["a word that is cut in two", '{"items":[{"a":[tr ue]}]}'],
    ["a line break inside a string", '{"items":[{"a":"b\nc"}]}'],
    ["an escape that there is not", '{"items":[{"a":"\\x"}]}'],
    ["a page of HTML", "<html></html>"],
    ["HTML inside an item", '{"items":[{"a":<b>}]}'],
    ["brackets that do not match", '{"items":[{"a":[1}]}]}'],
    ["an item that closes the list", '{"items":[{"a":1}}'],
    ["a comma without a value", '{"items":[,]}'],
    ["a comma before the end", '{"items":[{},]}'],
    ["a second document", '{"items":[]}{"items":[]}'],
    ["a list that is an array", "[]"],
    ["items that are an object", '{"items":{}}'],
    ["items that come twice", '{"items":[],"items":[]}'],
    ["a field without a colon", '{"items" []}'],
  ])("refuses %s", (_, body) => {
    expect(() => split(Buffer.from(body), [])).toThrow("kube: list pods: invalid: the answer is no JSON list");
  });

  it("refuses an answer without items", () => {
    expect(() => split(Buffer.from('{"kind":"Pod"}'), [])).toThrow("kube: list pods: invalid: the answer is no list");
  });

  it("refuses an object above the limit before it has been read whole", () => {
    const splitter = createListSplitter({ operation: "list pods", maxItemBytes: 100 });
    splitter.push(Buffer.from('{"items":["'));
    expect(() => splitter.push(Buffer.alloc(101, "x"))).toThrow("an object is larger than 100 bytes");
  });

  it("does not hold on to the chunk that an item came in", () => {
    const chunk = Buffer.from(`{"items":[{"a":1}],"x":"${"y".repeat(100_000)}"}`);
    const [item] = createListSplitter({ operation: "list pods", maxItemBytes: 1_000 }).push(chunk);
    expect(item?.buffer).not.toBe(chunk.buffer);
    expect(item?.buffer.byteLength).toBeLessThan(100_000);
  });
});

function outcomeOf(body: Buffer, cuts: readonly number[]): unknown {
  try {
    return split(body, cuts);
  } catch (error) {
    return String(error);
  }
}

function split(body: Buffer, cuts: readonly number[]): { items: string[]; head: ListHead } {
  const splitter = createListSplitter({ operation: "list pods", maxItemBytes: 1_000_000 });
  const at = [...new Set(cuts.map((cut) => cut % (body.length + 1)))].sort((left, right) => left - right);
  const items: string[] = [];
  let from = 0;
  for (const to of [...at, body.length]) {
    for (const item of splitter.push(body.subarray(from, to))) items.push(item.toString("utf8"));
    from = to;
  }
  return { items, head: splitter.end() };
}
