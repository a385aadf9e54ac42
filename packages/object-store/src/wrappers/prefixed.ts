import { checkPrefix } from "../key.ts";
import type { ListEntry, ObjectInfo, ObjectStore } from "../store.ts";

/**
 * The part of a store below a prefix, as a store of its own: keys are given and answered without the prefix.
 * @param prefix "" for the store itself, otherwise ends in "/": "prod/"
 * @throws StorageError "invalid" for a prefix that is no start of a key
 */
export function prefixed(store: ObjectStore, prefix: string): ObjectStore {
  checkPrefix(prefix, "store", `use the prefix "${prefix}"`);
  if (prefix === "") return store;
  return {
    description: `${store.description}, below ${prefix}`,
    ...(store.keysFrom === undefined ? {} : { keysFrom: store.keysFrom }),
    prepare: (call) => store.prepare(call),
    async get(key, call) {
      const object = await store.get(prefix + key, call);
      return object === undefined ? undefined : withoutPrefix(object, prefix);
    },
    async head(key, call) {
      const info = await store.head(prefix + key, call);
      return info === undefined ? undefined : withoutPrefix(info, prefix);
    },
    async *list(below, { startAfter, ...options }, call) {
      const after = startAfter === undefined ? {} : { startAfter: prefix + startAfter };
      for await (const entry of store.list(prefix + below, { ...options, ...after }, call)) {
        yield entryWithoutPrefix(entry, prefix);
      }
    },
    put: (key, body, options, call) => store.put(prefix + key, body, options, call),
    delete: (key, call) => store.delete(prefix + key, call),
  };
}

function entryWithoutPrefix(entry: ListEntry, prefix: string): ListEntry {
  return entry.type === "object"
    ? { type: "object", object: withoutPrefix(entry.object, prefix) }
    : { type: "prefix", prefix: entry.prefix.slice(prefix.length) };
}

function withoutPrefix<Info extends ObjectInfo>(info: Info, prefix: string): Info {
  return { ...info, key: info.key.slice(prefix.length) };
}
