import { compareUtf8, type ObjectKey } from "@kubeferry/model";
import type { SegmentRef } from "../manifest.ts";
import { lastOf, totalOf } from "../segment/span.ts";
import { isVersioned, type ObjectState, type ObjectVersion, sameVersion } from "../snapshots.ts";
import { versionsDigest } from "../state/state.ts";

/** What lies between two borders of the parent: one segment, or an open and a sealed one. */
export type Cut = readonly SegmentRef[];

/** A cut of the parent, and what became of its objects. */
export interface CutPlan {
  readonly cut: Cut;
  /** Objects at another version than the parent's, and new ones, in key order. */
  readonly moved: readonly ObjectVersion[];
  /** Keys that are there no more. */
  readonly gone: ReadonlySet<ObjectKey>;
}

/** One of so many objects may have moved or gone: one that is asked for by itself costs about ten times what it does in a list. */
const OBJECTS_A_MOVE = 16;
/** And so many beside that: of a small type, or at the beginning of a large one. */
const FREE_MOVES = 4;

/**
 * Compares the versions of a type with the parent's. Holds the versions of one cut in memory, and those that moved.
 * @param cuts the parent's, in key order
 * @param versions in key order
 * @param statesOf what the parent has of a cut, asked only where something moved; undefined where that cannot be had
 * @returns undefined where the type is better listed whole: much moved, versions say nothing, or the parent cannot be read
 */
export async function planVersions(
  cuts: readonly Cut[],
  versions: AsyncIterable<ObjectVersion>,
  statesOf: (cut: Cut) => Promise<readonly ObjectState[] | undefined>,
): Promise<readonly CutPlan[] | undefined> {
  const plans: CutPlan[] = [];
  const counts = { seen: 0, moved: 0 };
  for await (const { cut, range } of byCut(cuts, versions)) {
    if (range === undefined || !range.every(isVersioned)) return undefined;
    counts.seen += range.length;
    if (isCutOf(cut, range)) {
      plans.push({ cut, moved: [], gone: NONE });
      continue;
    }
    const states = await statesOf(cut);
    if (states === undefined) return undefined;
    const plan = planOf(cut, range, states);
    counts.moved += plan.moved.length + plan.gone.size;
    if (counts.moved > FREE_MOVES + counts.seen / OBJECTS_A_MOVE) return undefined;
    plans.push(plan);
  }
  return plans;
}

const NONE: ReadonlySet<ObjectKey> = new Set();

interface CutRange {
  readonly cut: Cut;
  /** The versions up to the cut's last key; behind the last cut, all that are left. Undefined: too many are new. */
  readonly range: readonly ObjectVersion[] | undefined;
}

async function* byCut(cuts: readonly Cut[], versions: AsyncIterable<ObjectVersion>): AsyncGenerator<CutRange> {
  let index = 0;
  let range: ObjectVersion[] = [];
  for await (const version of versions) {
    for (; index < cuts.length - 1 && compareUtf8(version.key, lastOf(cuts[index] ?? [])) > 0; index++) {
      yield { cut: cuts[index] ?? [], range };
      range = [];
    }
    range.push(version);
    if (range.length > mostIn(cuts[index])) yield { cut: [], range: undefined };
  }
  for (; index < cuts.length; index++) {
    yield { cut: cuts[index] ?? [], range };
    range = [];
  }
}

/** With more than that in the place of a cut, half of them would have moved. */
function mostIn(cut: Cut = []): number {
  return cut.length === 0 ? 0 : FREE_MOVES + 2 * objectsIn(cut);
}

/** An open segment and a sealed one that were one cut keep its digest beside their own. */
function isCutOf(cut: Cut, range: readonly ObjectVersion[]): boolean {
  const digest = versionsDigest(range);
  return cut.every((segment) => (segment.cut ?? segment.versions) === digest);
}

function objectsIn(cut: Cut): number {
  return totalOf(cut, ({ objects }) => objects);
}

function planOf(cut: Cut, range: readonly ObjectVersion[], states: readonly ObjectState[]): CutPlan {
  const before = new Map(states.map((state) => [state.key, state]));
  const moved = range.filter((version) => {
    const state = before.get(version.key);
    return state === undefined || !sameVersion(state, version);
  });
  for (const { key } of range) before.delete(key);
  return { cut, moved, gone: new Set(before.keys()) };
}
