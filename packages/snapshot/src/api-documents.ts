import { Buffer } from "node:buffer";
import { type Call, compareUtf8 } from "@kubeferry/model";
import type { ObjectReader } from "@kubeferry/object-store";
import { z } from "zod";
import { damaged, MAX_BLOB_BYTES, readBlob } from "./blob/read-blob.ts";
import { jsonString } from "./json-string.ts";
import { blobKey } from "./keys.ts";
import { parseJsonText } from "./manifest/read-manifest.ts";
import type { BlobRef } from "./manifest.ts";
import type { ApiBodies, ApiDocuments, ApiDocumentsToStore } from "./snapshots.ts";

const Documents = z.object({ discovery: z.string(), openapi: z.record(z.string(), z.string()) });

/**
 * The stored form: canonical JSON whose values are JSON texts as strings, so that no number or order in them is touched.
 * Each document is written as it comes and forgotten, and none of them becomes a text of the JavaScript heap: they are
 * several megabytes, and a heap that has grown for them does not shrink within a run.
 */
export async function apiBytes({ discovery, openapi }: ApiDocumentsToStore): Promise<Buffer> {
  const written = new Map<string, Buffer>();
  for await (const { path, body } of bodiesOf(openapi)) written.set(path, jsonString(body));
  const members = [...written]
    .sort(([left], [right]) => compareUtf8(left, right))
    .flatMap(([path, document], index) => [
      Buffer.from(`${index === 0 ? "" : ","}${JSON.stringify(path)}:`, "utf8"),
      document,
    ]);
  const head = [Buffer.from('{"discovery":'), jsonString(Buffer.from(discovery, "utf8")), Buffer.from(',"openapi":{')];
  return Buffer.concat([...head, ...members, Buffer.from("}}\n")]);
}

async function* bodiesOf(openapi: ApiDocumentsToStore["openapi"]): ApiBodies {
  if (Symbol.asyncIterator in openapi) return yield* openapi;
  for (const [path, document] of Object.entries(openapi)) yield { path, body: Buffer.from(document, "utf8") };
}

/** @throws SnapshotError "damaged" naming the blob */
export async function readApi(store: ObjectReader, ref: BlobRef, call: Call): Promise<ApiDocuments> {
  const key = blobKey("api", ref.sha256);
  const parsed = Documents.safeParse(parseJsonText(await readBlob(store, "api", ref, MAX_BLOB_BYTES, call), key));
  if (!parsed.success) throw damaged(key, "it does not hold discovery and OpenAPI documents");
  return parsed.data;
}
