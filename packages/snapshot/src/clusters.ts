import type { Call } from "@kubeferry/model";
import type { ObjectReader } from "@kubeferry/object-store";

/**
 * Every cluster that has snapshots in a store, in order of domain and name. Buckets are shared: folders without
 * `_snapshots/` are somebody else's.
 * @param store the whole store, from its prefix on
 */
export async function* clustersIn(
  store: ObjectReader,
  call: Call,
): AsyncIterable<{ readonly domain: string; readonly name: string }> {
  for await (const domain of foldersBelow(store, "", call)) {
    for await (const name of foldersBelow(store, `${domain}/`, call)) {
      if (await hasSnapshots(store, `${domain}/${name}/_snapshots/`, call)) yield { domain, name };
    }
  }
}

async function* foldersBelow(store: ObjectReader, prefix: string, call: Call): AsyncIterable<string> {
  for await (const entry of store.list(prefix, { delimiter: "/" }, call)) {
    if (entry.type === "prefix") yield entry.prefix.slice(prefix.length, -1);
  }
}

async function hasSnapshots(store: ObjectReader, prefix: string, call: Call): Promise<boolean> {
  for await (const _entry of store.list(prefix, { delimiter: "/" }, call)) return true;
  return false;
}
