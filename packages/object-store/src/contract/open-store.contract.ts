import { Buffer } from "node:buffer";
import { type Call, silentLog } from "@kubeferry/model";
import type { ListOptions, ObjectStore, StoredObject } from "../store.ts";

/** A store made for one test file. */
export interface OpenStore {
  /** Empty and prepared. */
  readonly store: ObjectStore;
  /** Another store over the same place, with connections of its own. */
  readonly again: () => ObjectStore;
  /** A store of the same kind whose bucket or folder is missing and must not be made. */
  readonly missing: ObjectStore;
  /** Texts that no message may hold. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

/** Where a store cannot keep the whole contract; each value is the reason. */
export interface Differences {
  /** The store keeps "a" and "a/b" side by side, which others refuse. */
  readonly keyBelowKey?: string;
  /** Keys with control characters can be read and written, but not listed. */
  readonly listedControlCharacters?: string;
}

/** A call that nobody stops. */
export const call: Call = { signal: new AbortController().signal, log: silentLog };

/** The bytes of a text. */
export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A body, whole. */
export async function bodyOf(object: StoredObject | undefined): Promise<Buffer> {
  if (object === undefined) throw new Error("the object is missing");
  const chunks: Uint8Array[] = [];
  for await (const chunk of object.body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A body as text; undefined when there is no such key. */
export async function textAt(store: ObjectStore, key: string): Promise<string | undefined> {
  const object = await store.get(key, call);
  return object === undefined ? undefined : (await bodyOf(object)).toString("utf8");
}

/** What a listing yields: keys, and prefixes as they are. */
export async function namesIn(store: ObjectStore, prefix: string, options: ListOptions = {}): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of store.list(prefix, options, call)) {
    names.push(entry.type === "object" ? entry.object.key : entry.prefix);
  }
  return names;
}

/** Puts each key with its own name as its body, sixteen at a time. */
export async function putAll(store: ObjectStore, keys: readonly string[]): Promise<void> {
  const rest = keys.values();
  const worker = async (): Promise<void> => {
    for (const key of rest) await store.put(key, bytes(key), {}, call);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}
