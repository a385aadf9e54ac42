import type { ObjectStore, StoreEvent } from "@kubeferry/object-store";

/** Awaited before each request starts and after it ended well. */
type Interposing = (event: Pick<StoreEvent, "operation" | "key" | "phase">) => Promise<void>;

/** A store in which something else happens between one request and the next. */
export function interposed(store: ObjectStore, between: Interposing): ObjectStore {
  async function around<T>(operation: StoreEvent["operation"], key: string, request: () => Promise<T>): Promise<T> {
    await between({ operation, key, phase: "before" });
    const answer = await request();
    await between({ operation, key, phase: "after" });
    return answer;
  }
  return {
    description: store.description,
    prepare: (call) => store.prepare(call),
    get: (key, call) => around("get", key, () => store.get(key, call)),
    head: (key, call) => around("head", key, () => store.head(key, call)),
    put: (key, body, options, call) => around("put", key, () => store.put(key, body, options, call)),
    delete: (key, call) => around("delete", key, () => store.delete(key, call)),
    async *list(prefix, options, call) {
      await between({ operation: "list", key: prefix, phase: "before" });
      yield* store.list(prefix, options, call);
      await between({ operation: "list", key: prefix, phase: "after" });
    },
  };
}
