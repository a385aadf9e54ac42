/**
 * Merges two sequences that are each in order into one. Holds one item of each.
 * @param compare negative when its first argument comes first; of equal items the left one does
 */
export async function* mergeOrdered<Item>(
  left: AsyncIterable<Item>,
  right: AsyncIterable<Item>,
  compare: (left: Item, right: Item) => number,
): AsyncIterable<Item> {
  const lefts = left[Symbol.asyncIterator]();
  const rights = right[Symbol.asyncIterator]();
  let a = await lefts.next();
  let b = await rights.next();
  while (a.done !== true || b.done !== true) {
    if (b.done === true || (a.done !== true && compare(a.value, b.value) <= 0)) {
      yield a.value;
      a = await lefts.next();
    } else {
      yield b.value;
      b = await rights.next();
    }
  }
}
