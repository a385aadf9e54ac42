import type { Buffer } from "node:buffer";
import type { Call } from "@kubeferry/model";
import type { ObjectReader } from "@kubeferry/object-store";
import { z } from "zod";
import { damaged, MAX_BLOB_BYTES, readBlob } from "./blob/read-blob.ts";
import { blobKey } from "./keys.ts";
import { canonicalJson } from "./manifest/canonical-json.ts";
import { parseJsonText } from "./manifest/read-manifest.ts";
import type { BlobRef } from "./manifest.ts";
import type { ApiDocuments } from "./snapshots.ts";

const Documents = z.object({ discovery: z.string(), openapi: z.record(z.string(), z.string()) });

/** The stored form: canonical JSON whose values are JSON texts as strings, so that no number or order in them is touched. */
export function apiBytes({ discovery, openapi }: ApiDocuments): Buffer {
  return canonicalJson({ discovery, openapi });
}

/** @throws SnapshotError "damaged" naming the blob */
export async function readApi(store: ObjectReader, ref: BlobRef, call: Call): Promise<ApiDocuments> {
  const key = blobKey("api", ref.sha256);
  const parsed = Documents.safeParse(parseJsonText(await readBlob(store, "api", ref, MAX_BLOB_BYTES, call), key));
  if (!parsed.success) throw damaged(key, "it does not hold discovery and OpenAPI documents");
  return parsed.data;
}
