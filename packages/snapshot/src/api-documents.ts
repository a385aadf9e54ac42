import { Buffer } from "node:buffer";
import { type Call, compareUtf8 } from "@kubeferry/model";
import type { ObjectReader } from "@kubeferry/object-store";
import { z } from "zod";
import { compressPieces, type Packed, pack, unpack } from "./blob/compress.ts";
import { createGatherer } from "./blob/gathered-bytes.ts";
import { damaged, MAX_BLOB_BYTES, readBlob } from "./blob/read-blob.ts";
import { jsonString } from "./json-string.ts";
import { blobKey } from "./keys.ts";
import { parseJsonText } from "./manifest/read-manifest.ts";
import type { BlobRef } from "./manifest.ts";
import type { ApiBodies, ApiDocuments, ApiDocumentsToStore } from "./snapshots.ts";

const Documents = z.object({ discovery: z.string(), openapi: z.record(z.string(), z.string()) });

/** Nearly all documents are smaller, escaped. */
const DOCUMENT_BYTES = 2 * 1024 * 1024;

/**
 * The stored form, compressed: canonical JSON whose values are JSON texts as strings, so that no number or order in them is
 * touched. Documents are several megabytes, and which is the first one is known when the last one has come: each waits
 * packed, and none of them becomes a text of the JavaScript heap, since a heap that has grown for them does not shrink
 * within a run.
 */
export async function apiFrame({ discovery, openapi }: ApiDocumentsToStore): Promise<Buffer> {
  const written = new Map<string, Packed>();
  const gathered = createGatherer(DOCUMENT_BYTES).begin();
  for await (const { path, body } of bodiesOf(openapi)) {
    written.set(path, await pack(jsonString(body, gathered)));
    gathered.clear();
  }
  const members = [...written]
    .sort(([left], [right]) => compareUtf8(left, right))
    .flatMap(([path, document], index) => [
      Buffer.from(`${index === 0 ? "" : ","}${JSON.stringify(path)}:`, "utf8"),
      document,
    ]);
  const discovered = jsonString(Buffer.from(discovery, "utf8"), gathered);
  const head = [Buffer.from('{"discovery":'), discovered, Buffer.from(',"openapi":{')];
  const parts = [...head, ...members, Buffer.from("}}\n")];
  const rawBytes = parts.reduce((bytes, part) => bytes + ("frame" in part ? part.rawBytes : part.length), 0);
  return compressPieces(unpacked(parts), rawBytes);
}

async function* unpacked(parts: readonly (Buffer | Packed)[]): AsyncIterable<Buffer> {
  for (const part of parts) yield "frame" in part ? await unpack(part) : part;
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
