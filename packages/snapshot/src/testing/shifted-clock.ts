import { setTimeout as sleep } from "node:timers/promises";
import type { ObjectInfo, ObjectStore } from "@kubeferry/object-store";

/** A store whose clock a test can put forward. */
export interface ShiftedClock {
  readonly store: ObjectStore;
  readonly now: () => Date;
  /** What was stored before is so much older from now on. */
  advance(ms: number): Promise<void>;
}

/** For stores that say to the millisecond when an object was stored: folders. */
export function shiftedClock(inner: ObjectStore): ShiftedClock {
  const jumps: { readonly atMs: number; readonly byMs: number }[] = [];
  const shifted = (realMs: number): Date =>
    new Date(realMs + jumps.reduce((sum, { atMs, byMs }) => (realMs >= atMs ? sum + byMs : sum), 0));
  const dated = <Info extends ObjectInfo>(info: Info): Info => ({
    ...info,
    modifiedAt: shifted(info.modifiedAt.getTime()),
  });
  return {
    now: () => shifted(Date.now()),
    async advance(byMs) {
      // Objects stored just before and just after must not fall into the same millisecond.
      await sleep(5);
      jumps.push({ atMs: Date.now(), byMs });
      await sleep(5);
    },
    store: {
      ...inner,
      async get(key, call) {
        const found = await inner.get(key, call);
        return found === undefined ? undefined : dated(found);
      },
      async head(key, call) {
        const found = await inner.head(key, call);
        return found === undefined ? undefined : dated(found);
      },
      async *list(prefix, options, call) {
        for await (const entry of inner.list(prefix, options, call))
          yield entry.type === "object" ? { ...entry, object: dated(entry.object) } : entry;
      },
    },
  };
}
