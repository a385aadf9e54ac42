import { Buffer } from "node:buffer";
import { compareUtf8 } from "@kubeferry/model";
import { type ListEntry, type ObjectInfo, type ObjectStore, StorageError } from "@kubeferry/object-store";
import { sha256Hex } from "../blob/digest.ts";

const MODIFIED = new Date("2026-11-21T06:00:00Z");

/** A store that is a map: thousands of damaged copies of one cost nothing. */
export function memoryStore(files: Map<string, Buffer>): ObjectStore {
  const infoOf = (key: string, bytes: Buffer): ObjectInfo => {
    return { key, sizeBytes: bytes.length, etag: sha256Hex(bytes), modifiedAt: MODIFIED };
  };
  return {
    description: "memory",
    prepare: async () => undefined,
    async get(key) {
      const bytes = files.get(key);
      return bytes === undefined ? undefined : { ...infoOf(key, bytes), body: once(bytes) };
    },
    async head(key) {
      const bytes = files.get(key);
      return bytes === undefined ? undefined : infoOf(key, bytes);
    },
    async *list(prefix, { startAfter = "", delimiter }): AsyncIterable<ListEntry> {
      let folded = "";
      for (const [key, bytes] of [...files].sort(([left], [right]) => compareUtf8(left, right))) {
        if (!key.startsWith(prefix)) continue;
        const slash = delimiter === undefined ? -1 : key.indexOf("/", prefix.length);
        const name = slash === -1 ? key : key.slice(0, slash + 1);
        if (compareUtf8(name, startAfter) <= 0 || name === folded) continue;
        folded = name;
        yield slash === -1 ? { type: "object", object: infoOf(key, bytes) } : { type: "prefix", prefix: name };
      }
    },
    async put(key, body, { condition }) {
      const found = files.get(key);
      const absent = condition !== undefined && "ifAbsent" in condition;
      const etag = condition !== undefined && "ifMatch" in condition ? condition.ifMatch : undefined;
      const refused = absent
        ? found !== undefined
        : etag !== undefined && (found === undefined || sha256Hex(found) !== etag);
      if (refused) throw conflict(key);
      const bytes = Buffer.from(body);
      files.set(key, bytes);
      return { etag: sha256Hex(bytes) };
    },
    async delete(key) {
      files.delete(key);
    },
  };
}

async function* once(bytes: Buffer): AsyncIterable<Uint8Array> {
  yield bytes;
}

function conflict(key: string): StorageError {
  const parts = { who: "memory", operation: `put ${key}`, problem: "the condition does not hold", next: "read again" };
  return new StorageError({ kind: "conflict", ...parts });
}
