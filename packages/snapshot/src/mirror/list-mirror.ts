import type { Call } from "@kubeferry/model";
import type { ObjectInfo, ObjectReader } from "@kubeferry/object-store";
import { SNAPSHOTS_PREFIX } from "../keys.ts";
import type { MirrorKeys } from "./mirror-key.ts";

/** Lists the files below a cluster's root that are where mirror files are, without going through the snapshots. */
export async function* listMirror(store: ObjectReader, keys: MirrorKeys, call: Call): AsyncIterable<ObjectInfo> {
  for await (const entry of store.list("", { delimiter: "/" }, call)) {
    if (entry.type === "prefix" && entry.prefix !== SNAPSHOTS_PREFIX)
      yield* filesBelow(store, entry.prefix, keys, call);
  }
}

async function* filesBelow(
  store: ObjectReader,
  prefix: string,
  keys: MirrorKeys,
  call: Call,
): AsyncIterable<ObjectInfo> {
  for await (const entry of store.list(prefix, {}, call)) {
    if (entry.type === "object" && keys.isKey(entry.object.key)) yield entry.object;
  }
}
