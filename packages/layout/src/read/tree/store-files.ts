import type { Call } from "@kubeferry/model";
import type { ObjectReader } from "@kubeferry/object-store";
import { gather, MAX_FILE_BYTES, mayHoldObjects, type TreeFile, type TreeFiles, tooLarge } from "./tree-files.ts";

/** What `kubeferry backup` keeps beside a mirror: no files of objects. */
const OWN = /^(_snapshots\/|_lease\.json$|_mirror\.json$|_notifications\.json$)/;

/**
 * The files in a store below a prefix.
 * @param prefix "" for the whole store, otherwise ends in "/"
 */
export function storeFiles(store: ObjectReader, prefix: string): TreeFiles {
  return { place: `tree ${prefix}`, list: (call) => listFiles(store, prefix, call) };
}

async function* listFiles(store: ObjectReader, prefix: string, call: Call): AsyncIterable<TreeFile> {
  for await (const entry of store.list(prefix, {}, call)) {
    if (entry.type !== "object") continue;
    const { key, sizeBytes } = entry.object;
    const path = key.slice(prefix.length);
    if (OWN.test(path) || !mayHoldObjects(path)) continue;
    yield {
      path,
      read: async (reading) => (sizeBytes > MAX_FILE_BYTES ? tooLarge() : readKey(store, key, reading)),
    };
  }
}

async function readKey(
  store: ObjectReader,
  key: string,
  call: Call,
): Promise<Uint8Array | { readonly problem: string }> {
  const stored = await store.get(key, call);
  return stored === undefined ? { problem: "it is gone since it was listed" } : gather(stored.body, call.signal);
}
