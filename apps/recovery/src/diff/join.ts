/** What two sequences have of one thing; at least one is there. */
export type Joined<Item> = readonly [Item | undefined, Item | undefined];

/**
 * Walks two sequences that are each in order side by side. Holds one item of each, and ends both however the walk ends.
 * @param compare negative when its first argument comes first
 */
export async function* joinOrdered<Item>(
  before: AsyncIterable<Item>,
  after: AsyncIterable<Item>,
  compare: (left: Item, right: Item) => number,
): AsyncIterable<Joined<Item>> {
  const lefts = before[Symbol.asyncIterator]();
  const rights = after[Symbol.asyncIterator]();
  try {
    let left = await lefts.next();
    let right = await rights.next();
    while (left.done !== true || right.done !== true) {
      const order = left.done === true ? 1 : right.done === true ? -1 : compare(left.value, right.value);
      yield [
        left.done !== true && order <= 0 ? left.value : undefined,
        right.done !== true && order >= 0 ? right.value : undefined,
      ];
      if (order <= 0) left = await lefts.next();
      if (order >= 0) right = await rights.next();
    }
  } finally {
    await Promise.all([lefts.return?.(), rights.return?.()]);
  }
}
