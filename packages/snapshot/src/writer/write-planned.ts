import { compareUtf8, type ObjectKey } from "@kubeferry/model";
import { pMapIterable } from "p-map";
import { firstOf } from "../segment/span.ts";
import type { CapturedObject, MovedObjects } from "../snapshots.ts";
import type { CutPlan } from "./plan-versions.ts";
import type { StoredCuts, TypeWriting } from "./store-cut.ts";
import { createTypeWriter, type TypeWriter } from "./type-writer.ts";

/** Objects on their way at a time, and in memory: as many as a run lists types. */
const FETCHED_AT_ONCE = 4;

/**
 * Writes a type as planned: a cut in which nothing moved is named again and not read; of any other the parent's lines
 * are read back, and what moved is fetched. Gives the segments that `writeType` gives for the same objects. Holds one cut
 * of the parent in memory and one new one.
 * @param moved left out: nothing has moved
 * @returns undefined where a cut of the parent cannot be read
 * @throws what fetching throws
 */
export async function writePlanned(
  writing: TypeWriting,
  plans: readonly CutPlan[],
  moved: MovedObjects | undefined,
): Promise<StoredCuts | undefined> {
  if (moved === undefined || plans.every(isUntouched)) return allNamed(plans);
  const { call } = moved;
  const writer = createTypeWriter(writing, call);
  const wanted = plans.flatMap((plan) => plan.moved);
  // Over all cuts: what the next one needs is on its way while this one is written.
  const fetched = pMapIterable(wanted, moved.fetch, { concurrency: FETCHED_AT_ONCE })[Symbol.asyncIterator]();
  for (const [index, plan] of plans.entries()) {
    // Behind an object that moved or went, a cut may begin elsewhere than the parent's did.
    if (writer.isAtBorder && isUntouched(plan) && keepsEnd(plans[index + 1])) {
      writer.nameAgain(plan.cut);
      continue;
    }
    const known = await writing.parent.objectsOf(plan.cut, call);
    if (known === undefined) return undefined;
    await addPatched(writer, plan, known, fetched);
  }
  return writer.end();
}

/**
 * Adds what is in a cut of the parent now: what moved, in its place, and what lies between that in pieces of many.
 * @param fetched gives what moved, in the order of plans
 */
async function addPatched(
  writer: TypeWriter,
  { cut, moved, gone }: CutPlan,
  known: readonly CapturedObject[],
  fetched: AsyncIterator<CapturedObject>,
): Promise<void> {
  const isSearched = cut.every(({ findings }) => findings === undefined);
  let start = 0;
  for (const { key } of moved) {
    const place = placeOf(known, key);
    for (const piece of piecesOf(known.slice(start, place), gone)) await writer.addUnmoved(piece, isSearched);
    const next = await fetched.next();
    if (next.done !== true) await writer.add(next.value);
    start = known[place]?.key === key ? place + 1 : place;
  }
  for (const piece of piecesOf(known.slice(start), gone)) await writer.addUnmoved(piece, isSearched);
}

/** How many objects, in key order, come before a key. */
function placeOf(objects: readonly CapturedObject[], key: ObjectKey): number {
  let low = 0;
  let high = objects.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareUtf8(objects[middle]?.key ?? key, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Objects that follow each other, without those that are gone. */
function* piecesOf(
  objects: readonly CapturedObject[],
  gone: ReadonlySet<ObjectKey>,
): Generator<readonly CapturedObject[]> {
  if (gone.size === 0) return yield objects;
  let start = 0;
  for (const [index, { key }] of objects.entries()) {
    if (!gone.has(key)) continue;
    yield objects.slice(start, index);
    start = index + 1;
  }
  yield objects.slice(start);
}

function allNamed(plans: readonly CutPlan[]): StoredCuts {
  const segments = plans.flatMap(({ cut }) => cut).sort((left, right) => compareUtf8(left.first, right.first));
  return { segments, found: [], failures: [], written: 0 };
}

/** True where nothing of a cut moved, came or went. */
function isUntouched({ moved, gone }: CutPlan): boolean {
  return moved.length === 0 && gone.size === 0;
}

/**
 * Whether the cut before ends where it did: it may have ended only because the next object was too large to fit in, and
 * another one in its place may fit.
 */
function keepsEnd(next: CutPlan | undefined): boolean {
  if (next === undefined) return true;
  const first = firstOf(next.cut);
  const [moved] = next.moved;
  return !next.gone.has(first as ObjectKey) && (moved === undefined || compareUtf8(moved.key, first) > 0);
}
