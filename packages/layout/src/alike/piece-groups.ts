import type { Piece } from "./pieces.ts";

/** Pieces that are the same texts in each environment, wherever they stand. */
export interface PieceGroup {
  /** Numbers of the environments that the texts are of. */
  readonly environments: readonly number[];
  readonly texts: readonly string[];
  /** What all of them have around it. */
  before: readonly string[];
  after: readonly string[];
  /** By field: the places in it. */
  readonly fields: Map<string, number>;
  /** By part of an image: how many are in it; undefined: in something else. */
  readonly parts: Map<Piece["part"], number>;
}

/** A piece as a place holds it: all that are of one group and field share one. */
export interface Spot {
  readonly group: PieceGroup;
  readonly field: string;
}

/** Gathers pieces; of each group it holds the texts once, and of its places only numbers. */
export interface PieceGroups {
  /**
   * @param field what the places of one setting have in common: "image", "LOG_LEVEL"
   * @returns undefined for a new group beyond the last that is kept
   */
  add(piece: Piece, environments: readonly number[], field: string): Spot | undefined;
  /**
   * Every group with the one that it belongs to: those of fewer environments are put into those of more that say the same.
   * The last call.
   */
  merged(): ReadonlyMap<PieceGroup, PieceGroup>;
}

/** What differs in more ways than these is not the same under another name. */
const MOST_GROUPS = 50_000;

/** Groups without a piece. */
export function createPieceGroups(): PieceGroups {
  const groups = new Map<string, PieceGroup>();
  const spots = new Map<PieceGroup, Map<string, Spot>>();
  return {
    add({ core, before, after, part }, environments, field) {
      const key = JSON.stringify([environments, core]);
      const known = groups.get(key);
      if (known === undefined && groups.size >= MOST_GROUPS) return undefined;
      const group = known ?? { environments, texts: core, before, after, fields: new Map(), parts: new Map() };
      groups.set(key, group);
      narrow(group, { before, after });
      count(group.fields, field, 1);
      count(group.parts, part, 1);
      const ofGroup = spots.get(group) ?? new Map<string, Spot>();
      spots.set(group, ofGroup);
      const spot = ofGroup.get(field) ?? { group, field };
      ofGroup.set(field, spot);
      return spot;
    },
    merged: () => mergedGroups([...groups.values()]),
  };
}

/** How many places a group has. */
export function placesOf({ fields }: PieceGroup): number {
  return [...fields.values()].reduce((sum, places) => sum + places, 0);
}

function narrow(group: PieceGroup, { before, after }: Pick<PieceGroup, "before" | "after">): void {
  group.before = sharedHead([...group.before].reverse(), [...before].reverse()).reverse();
  group.after = sharedHead(group.after, after);
}

function sharedHead(one: readonly string[], other: readonly string[]): string[] {
  const differs = one.findIndex((word, place) => other[place] !== word);
  return one.slice(0, differs < 0 ? one.length : differs);
}

function mergedGroups(groups: readonly PieceGroup[]): ReadonlyMap<PieceGroup, PieceGroup> {
  const sorted = [...groups].sort((one, other) => other.environments.length - one.environments.length);
  const byText = new Map<string, PieceGroup[]>();
  const merged = new Map<PieceGroup, PieceGroup>();
  for (const group of sorted) {
    const [first = -1] = group.environments;
    const larger = byText.get(`${first} ${group.texts[0]}`)?.find((each) => agrees(each, group));
    merged.set(group, larger ?? group);
    if (larger !== undefined) mergeInto(larger, group);
    else {
      for (const [index, environment] of group.environments.entries()) {
        const key = `${environment} ${group.texts[index]}`;
        const same = byText.get(key) ?? [];
        byText.set(key, same);
        same.push(group);
      }
    }
  }
  return merged;
}

function agrees(larger: PieceGroup, group: PieceGroup): boolean {
  if (larger.environments.length === group.environments.length) return false;
  return group.environments.every((environment, index) => {
    const place = larger.environments.indexOf(environment);
    return place >= 0 && larger.texts[place] === group.texts[index];
  });
}

function mergeInto(larger: PieceGroup, group: PieceGroup): void {
  narrow(larger, group);
  for (const [field, places] of group.fields) count(larger.fields, field, places);
  for (const [part, places] of group.parts) count(larger.parts, part, places);
}

function count<Key>(counts: Map<Key, number>, key: Key, more: number): void {
  counts.set(key, (counts.get(key) ?? 0) + more);
}
