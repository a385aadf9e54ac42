/** How many names a sentence has before it says how many more there are. */
const MOST_NAMES = 10;

/** Names as one part of a sentence: "`a`, `b` and 3 more". */
export function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return `${names.slice(0, MOST_NAMES).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
