import { type ObjectStore, observed } from "@kubeferry/object-store";

/** A store with a count of the requests that reached it. */
export interface Recorded {
  readonly store: ObjectStore;
  /** "put _mirror.json", in the order they were started. */
  readonly requests: string[];
  /** Requests that changed the store. */
  readonly writes: () => string[];
}

/** Writes down every request. */
export function recorded(store: ObjectStore): Recorded {
  const requests: string[] = [];
  const noting = observed(store, ({ operation, key, phase }) => {
    if (phase === "before") requests.push(`${operation} ${key}`);
  });
  return { store: noting, requests, writes: () => requests.filter((request) => /^(put|delete) /.test(request)) };
}

/** What a process that was killed answers to everything. */
export class Killed extends Error {}

/**
 * A store for a process that is killed just before, or just after, its n-th request reaches the store: from then on
 * nothing of it gets through any more.
 */
export function killedAt(store: ObjectStore, request: number, side: "before" | "after"): ObjectStore {
  let requests = 0;
  let dead = false;
  return observed(store, ({ phase }) => {
    if (dead) throw new Killed(`killed ${side} request ${request}`);
    if (phase === "before") requests++;
    // Requests run side by side: the first answer from the n-th request on is where "after" comes true.
    if (requests >= request && phase === side) {
      dead = true;
      throw new Killed(`killed ${side} request ${request}`);
    }
  });
}
