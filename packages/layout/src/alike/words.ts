/** A text as words and the single signs between them; joined they are the text again. */
export function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}_]+|[^\p{L}\p{N}_]/gsu) ?? [];
}

/** A text with some words replaced by a mark wherever they stand as whole words; undefined where they are not in it. */
export function withoutWords(text: string, words: string, mark: string): string | undefined {
  // Most texts hold most words nowhere, and are not taken apart for that.
  if (words === "" || !text.includes(words)) return undefined;
  const [all, sought] = [wordsOf(text), wordsOf(words)];
  const result: string[] = [];
  let isFound = false;
  for (let place = 0; place < all.length; ) {
    const start = place;
    if (sought.every((word, index) => all[start + index] === word)) {
      result.push(mark);
      place += sought.length;
      isFound = true;
    } else {
      result.push(all[place] ?? "");
      place += 1;
    }
  }
  return isFound ? result.join("") : undefined;
}

/** How many words all lists begin with and end in; the two never overlap. */
export function sharedEnds(lists: readonly (readonly string[])[]): { readonly start: number; readonly end: number } {
  const shortest = Math.min(...lists.map((list) => list.length));
  const [first = []] = lists;
  let start = 0;
  while (start < shortest && lists.every((list) => list[start] === first[start])) start += 1;
  let end = 0;
  while (end < shortest - start && lists.every((list) => list.at(-1 - end) === first.at(-1 - end))) end += 1;
  return { start, end };
}
