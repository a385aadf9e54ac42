import { emitYaml } from "@kubeferry/clean";
import { isJsonObject, type JsonArray, type JsonValue, textAt } from "@kubeferry/model";

/** Which elements of two lists are taken for the same, by their places: both rise from pair to pair. */
export type Alignment = readonly (readonly [before: number, after: number])[];

/** Above this many pairs to look at, only what both lists begin and end with is found. */
const MAX_PAIRS = 40_000;

/**
 * Ways to see one list in another: place by place; and by what elements are, which for maps with a `name` is that name
 * and for all others everything in them.
 */
export function alignLists(before: JsonArray, after: JsonArray): readonly Alignment[] {
  const byPlace = before.slice(0, after.length).map((_, place) => [place, place] as const);
  const found = byIdentity(before.map(identityOf), after.map(identityOf));
  const isByPlace = found.length === byPlace.length && found.every(([place, as]) => place === as);
  return isByPlace ? [byPlace] : [byPlace, found];
}

function identityOf(element: JsonValue): string {
  const name = isJsonObject(element) ? textAt(element, "name") : undefined;
  return name === undefined ? `is ${emitYaml(element)}` : `named ${name}`;
}

/** The longest sequence that both have; of several, the one whose elements come first. */
function byIdentity(left: readonly string[], right: readonly string[]): Alignment {
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && left[start] === right[start]) start++;
  let end = 0;
  while (end < shorter - start && left.at(-1 - end) === right.at(-1 - end)) end++;
  const middle = common(left.slice(start, left.length - end), right.slice(start, right.length - end));
  return [
    ...left.slice(0, start).map((_, place) => [place, place] as const),
    ...middle.map(([before, after]) => [start + before, start + after] as const),
    ...left
      .slice(left.length - end)
      .map((_, place) => [left.length - end + place, right.length - end + place] as const),
  ];
}

function common(left: readonly string[], right: readonly string[]): Alignment {
  if (left.length * right.length > MAX_PAIRS) return [];
  const width = right.length + 1;
  // By two places, how many elements both have in one order from there on.
  const longest = new Uint16Array((left.length + 1) * width);
  const from = (before: number, after: number) => longest[before * width + after] ?? 0;
  for (let before = left.length - 1; before >= 0; before--) {
    for (let after = right.length - 1; after >= 0; after--) {
      const isSame = left[before] === right[after];
      longest[before * width + after] = isSame
        ? from(before + 1, after + 1) + 1
        : Math.max(from(before + 1, after), from(before, after + 1));
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let before = 0, after = 0; before < left.length && after < right.length; ) {
    if (left[before] === right[after]) pairs.push([before++, after++]);
    else if (from(before + 1, after) >= from(before, after + 1)) before++;
    else after++;
  }
  return pairs;
}
