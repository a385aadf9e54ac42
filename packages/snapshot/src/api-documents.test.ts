import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apiFrame } from "./api-documents.ts";
import { openFrame } from "./blob/compress.ts";
import { MAX_BLOB_BYTES } from "./blob/read-blob.ts";
import { canonicalJson } from "./manifest/canonical-json.ts";
import type { ApiDocumentsToStore } from "./snapshots.ts";

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
          expect(await openedApi({ discovery, openapi: arriving(documents) })).toEqual(held);
          expect(await openedApi({ discovery, openapi: Object.fromEntries(documents) })).toEqual(held);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("are one frame, whatever order they come in", async () => {
    const documents = ["/api", "/apis/apps/v1", "/apis/batch/v1"].map(
      (path) => [path, JSON.stringify({ info: path.repeat(20_000) })] as const,
    );
    const frame = await apiFrame({ discovery: "{}", openapi: arriving(documents) });
    expect(await apiFrame({ discovery: "{}", openapi: arriving(documents.toReversed()) })).toEqual(frame);
  });

  it("name a path once, with what came last", async () => {
    const openapi = arriving([
      ["/openapi/v3/api/v1", "{}"],
      ["/openapi/v3/api", "{}"],
      ["/openapi/v3/api/v1", '{"info":1}'],
    ]);
    expect((await openedApi({ discovery: "{}", openapi })).toString("utf8")).toBe(
      `${String.raw`{"discovery":"{}","openapi":{"/openapi/v3/api":"{}","/openapi/v3/api/v1":"{\"info\":1}"}}`}\n`,
    );
  });
});

async function openedApi(documents: ApiDocumentsToStore): Promise<Buffer> {
  return openFrame(await apiFrame(documents), MAX_BLOB_BYTES);
}

async function* arriving(documents: readonly (readonly [path: string, document: string])[]) {
  for (const [path, document] of documents) yield { path, body: Buffer.from(document, "utf8") };
}
