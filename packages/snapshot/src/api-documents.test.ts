import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apiBytes } from "./api-documents.ts";
import { canonicalJson } from "./manifest/canonical-json.ts";

describe("API documents to store", () => {
  it("are the canonical JSON of all of them, whatever order they come in", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "binary" }),
        fc.uniqueArray(fc.tuple(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" })), {
          selector: ([path]) => path,
        }),
        async (discovery, documents) => {
          const held = canonicalJson({ discovery, openapi: Object.fromEntries(documents) });
          expect(await apiBytes({ discovery, openapi: arriving(documents) })).toEqual(held);
          expect(await apiBytes({ discovery, openapi: Object.fromEntries(documents) })).toEqual(held);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("name a path once, with what came last", async () => {
    const openapi = arriving([
      ["/openapi/v3/api/v1", "{}"],
      ["/openapi/v3/api", "{}"],
      ["/openapi/v3/api/v1", '{"info":1}'],
    ]);
    expect((await apiBytes({ discovery: "{}", openapi })).toString("utf8")).toBe(
      `${String.raw`{"discovery":"{}","openapi":{"/openapi/v3/api":"{}","/openapi/v3/api/v1":"{\"info\":1}"}}`}\n`,
    );
  });
});

async function* arriving(documents: readonly (readonly [path: string, document: string])[]) {
  for (const [path, document] of documents) yield { path, body: Buffer.from(document, "utf8") };
}
