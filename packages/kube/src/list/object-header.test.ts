import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readObjectHeader as read } from "./object-header.ts";

const readObjectHeader = (object: Buffer) => read(object, { namespaced: true, bare: false });

describe("readObjectHeader", () => {
  it("stops as soon as all is known: whatever comes behind", () => {
    const bare = '{"metadata":{"name":"a","namespace":"b","uid":"u","resourceVersion":"7",#';
    const [full, cluster] = [`{"kind":"A","apiVersion":"b",${bare.slice(1)}`, bare.replace('"namespace":"b",', "")];
    expect(read(Buffer.from(bare), { namespaced: true, bare: true })).toMatchObject({
      name: "a",
      resourceVersion: "7",
    });
    expect(read(Buffer.from(full), { namespaced: true, bare: false })).toMatchObject({ hasKind: true, namespace: "b" });
    expect(read(Buffer.from(cluster), { namespaced: false, bare: true })).toMatchObject({ name: "a", namespace: "" });
    expect(read(Buffer.from(bare), { namespaced: true, bare: false })).toBeUndefined();
    expect(read(Buffer.from(cluster), { namespaced: true, bare: true })).toBeUndefined();
  });

  it("reads what a full parse reads, from any object in any order of fields", () => {
    const text = fc.string({ unit: "binary", minLength: 1 });
    const metadata = fc.record(
      {
        name: text,
        namespace: text,
        uid: text,
        resourceVersion: text,
        annotations: fc.object({ maxDepth: 1 }),
        ownerReferences: fc.array(fc.object({ maxDepth: 1 })),
      },
      { requiredKeys: ["name"] },
    );
    const object = fc.record(
      { metadata, kind: text, apiVersion: text, spec: fc.jsonValue(), status: fc.jsonValue() },
      { requiredKeys: ["metadata"] },
    );
    fc.assert(
      fc.property(object, fc.integer({ min: 0, max: 4 }), (value, turn) => {
        const entries = Object.entries(value);
        const turned = Object.fromEntries([...entries.slice(turn), ...entries.slice(0, turn)]);
        expect(readObjectHeader(Buffer.from(JSON.stringify(turned)))).toEqual({
          hasKind: "kind" in value,
          hasApiVersion: "apiVersion" in value,
          namespace: value.metadata.namespace ?? "",
          name: value.metadata.name ?? "",
          uid: value.metadata.uid ?? "",
          resourceVersion: value.metadata.resourceVersion ?? "",
        });
      }),
      { numRuns: 200 },
    );
  });

  it("takes the object's own metadata, not that of a template, an owner or an annotation", () => {
    const object =
      '{"spec":{"metadata":{"name":"template"},"kind":"Job"},' +
      '"metadata":{"annotations":{"name":"no","x":"{\\"metadata\\":{\\"name\\":\\"no\\"}}"},' +
      '"ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"owner","uid":"no"}],' +
      '"name":"web","namespace":"shop","uid":"u","resourceVersion":"7"}}';
    expect(readObjectHeader(Buffer.from(object))).toEqual({
      hasKind: false,
      hasApiVersion: false,
      namespace: "shop",
      name: "web",
      uid: "u",
      resourceVersion: "7",
    });
  });

  it("unescapes names and keys", () => {
    const object = '{"metadata":{"n\\u0061me":"a\\u003cb\\"c\\\\","uid":"\\ud83d\\ude00"}}';
    expect(readObjectHeader(Buffer.from(object))).toMatchObject({ name: 'a<b"c\\', uid: "😀" });
  });

  it.each([
    ["a number", "7"],
    ["an empty object", "{}"],
    ["metadata without a name", '{"metadata":{"uid":"u"}}'],
    ["an empty name", '{"metadata":{"name":""}}'],
    ["a name that is no string", '{"metadata":{"name":7}}'],
    ["a broken escape in the name", '{"metadata":{"name":"\\q"}}'],
    ["a field without a value", '{"metadata":{"name":"a"},"spec":}'],
    ["fields without a comma", '{"metadata":{"name":"a"}"spec":{}}'],
    ["a string without an end", '{"metadata":{"name":"a'],
    ["more behind the object", '{"metadata":{"name":"a"}}{}'],
    ["a trailing comma", '{"metadata":{"name":"a"},}'],
  ])("does not take %s for an object", (_, object) => {
    expect(readObjectHeader(Buffer.from(object))).toBeUndefined();
  });
});
