import type { ListEntry } from "@kubeferry/object-store";
import type { Fleet } from "./fleet.ts";

/** The store as it was before its newest snapshot; what is asked for by name is there. */
export function withoutNewest({ store }: Pick<Fleet, "store">): Fleet["store"] {
  return {
    ...store,
    async *list(prefix, options, call) {
      const entries: ListEntry[] = [];
      for await (const entry of store.list(prefix, options, call)) entries.push(entry);
      const isManifest = (entry: ListEntry) =>
        entry.type === "object" && /_snapshots\/\S+\.json$/.test(entry.object.key);
      const newest = entries.findLast(isManifest);
      yield* entries.filter((entry) => entry !== newest);
    },
  };
}
