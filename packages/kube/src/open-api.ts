import { Buffer } from "node:buffer";
import type { Call } from "@kubeferry/model";
import { z } from "zod";
import { parseAnswer } from "./http/ask.ts";
import type { KubeApi } from "./kube-api.ts";
import { KubeError } from "./kube-error.ts";

const INDEX_PATH = "/openapi/v3";

const Index = z.object({
  paths: z.record(z.string(), z.object({ serverRelativeURL: z.string().startsWith("/openapi/") })),
});

/** The OpenAPI v3 documents of a cluster. */
export interface OpenApi {
  /** The index as received; it carries a hash of each document, so while it stays the same the documents do. */
  readonly index: Buffer;
  /** Each document, fetched as the iteration comes to it. `path` is where the server has it, without the hash: "/openapi/v3/apis/apps/v1". */
  readonly documents: AsyncIterable<{ readonly path: string; readonly body: Buffer }>;
}

/**
 * Reads the index, and the documents as they are asked for. A document that is not to be had (its aggregated API is
 * down) is logged and left out; a server without OpenAPI v3 has an empty index.
 * @throws KubeError when the index cannot be read
 */
export async function fetchOpenApi(api: KubeApi, call: Call): Promise<OpenApi> {
  const index = await readIndex(api, call);
  const parsed = Index.safeParse(parseAnswer(index, `get ${INDEX_PATH}`));
  if (!parsed.success) {
    const problem = "the answer is no OpenAPI index";
    throw new KubeError({ kind: "invalid", who: "kube", operation: `get ${INDEX_PATH}`, problem });
  }
  const places = Object.values(parsed.data.paths).map(({ serverRelativeURL }) => serverRelativeURL);
  return { index, documents: readDocuments(api, places, call) };
}

async function readIndex(api: KubeApi, call: Call): Promise<Buffer> {
  try {
    return await api.get(INDEX_PATH, call);
  } catch (error) {
    if (error instanceof KubeError && error.kind === "not-found") return Buffer.from('{"paths":{}}');
    throw error;
  }
}

async function* readDocuments(api: KubeApi, places: readonly string[], call: Call) {
  for (const place of places) {
    const path = place.replace(/\?.*$/s, "");
    const body = await readDocument(api, place, path, call);
    if (body !== undefined) yield { path, body };
  }
}

async function readDocument(api: KubeApi, place: string, path: string, call: Call): Promise<Buffer | undefined> {
  try {
    return await readCurrent(api, place, path, call);
  } catch (error) {
    if (!(error instanceof KubeError) || (error.kind !== "unavailable" && error.kind !== "not-found")) throw error;
    call.log.warn("OpenAPI document is left out", { operation: "openapi_fetch", request: `get ${path}`, error });
    return undefined;
  }
}

/**
 * By the hash of the index; a server whose API has changed since redirects to the new hash. The document as it is now does
 * as well: the next run finds another index, and keeps all of it again.
 */
async function readCurrent(api: KubeApi, place: string, path: string, call: Call): Promise<Buffer> {
  try {
    return await api.get(place, call);
  } catch (error) {
    if (!(error instanceof KubeError) || error.status !== 301) throw error;
    return api.get(path, call);
  }
}
