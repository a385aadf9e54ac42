import type { Call } from "@kubeferry/model";
import pMap from "p-map";

/**
 * Does something with each item, some at a time. Where that ends early, because one of them threw, the items cannot be
 * read any further, or the call is told to stop, no new one is begun; it ends when none is under way any more.
 * @throws what the first one threw; the signal's reason
 */
export async function forEachInFlight<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  work: (item: Item) => Promise<void>,
  concurrency: number,
  { signal }: Call,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const tracked = async (item: Item): Promise<void> => {
    signal.throwIfAborted();
    const one = work(item);
    underWay.add(one);
    try {
      await one;
    } finally {
      underWay.delete(one);
    }
  };
  try {
    await pMap(items, tracked, { concurrency, signal });
  } finally {
    await Promise.allSettled(underWay);
  }
}
