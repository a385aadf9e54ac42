import type { ListEntry, ObjectStore } from "../store.ts";

/** One side of one request. */
export interface StoreEvent {
  readonly operation: "prepare" | "get" | "head" | "list" | "put" | "delete";
  /** The prefix for "list", "" for "prepare". */
  readonly key: string;
  readonly phase: "before" | "after";
  /** What the request ended with, when it failed. */
  readonly error?: unknown;
}

/** Told of every request, before it starts and after it ended. What it throws ends the request. */
export type StoreHook = (event: StoreEvent) => void;

/**
 * Tells the hook of every request to the store. A listing is one request, from its first step to its end; a "get" ends
 * when the body can be read.
 */
export function observed(store: ObjectStore, hook: StoreHook): ObjectStore {
  return {
    description: store.description,
    ...(store.keysFrom === undefined ? {} : { keysFrom: store.keysFrom }),
    prepare: (call) => around(hook, "prepare", "", () => store.prepare(call)),
    get: (key, call) => around(hook, "get", key, () => store.get(key, call)),
    head: (key, call) => around(hook, "head", key, () => store.head(key, call)),
    list: (prefix, options, call) => aroundList(hook, prefix, store.list(prefix, options, call)),
    put: (key, body, options, call) => around(hook, "put", key, () => store.put(key, body, options, call)),
    delete: (key, call) => around(hook, "delete", key, () => store.delete(key, call)),
  };
}

async function around<T>(
  hook: StoreHook,
  operation: StoreEvent["operation"],
  key: string,
  request: () => Promise<T>,
): Promise<T> {
  hook({ operation, key, phase: "before" });
  let answer: T;
  try {
    answer = await request();
  } catch (error) {
    hook({ operation, key, phase: "after", error });
    throw error;
  }
  hook({ operation, key, phase: "after" });
  return answer;
}

async function* aroundList(hook: StoreHook, key: string, entries: AsyncIterable<ListEntry>): AsyncGenerator<ListEntry> {
  hook({ operation: "list", key, phase: "before" });
  let outcome: { readonly error?: unknown } = {};
  try {
    yield* entries;
  } catch (error) {
    outcome = { error };
    throw error;
  } finally {
    hook({ operation: "list", key, phase: "after", ...outcome });
  }
}
