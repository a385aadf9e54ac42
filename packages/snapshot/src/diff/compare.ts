import { type Call, compareTypes, compareUtf8, type ObjectKey } from "@kubeferry/model";
import { pMapIterable } from "p-map";
import type { SegmentRef, TypeEntry } from "../manifest.ts";
import { mergeOrdered } from "../merge.ts";
import { runsOf } from "../segment/runs.ts";
import { type ObjectState, type Snapshot, sameVersion } from "../snapshots.ts";

/** One object as two snapshots know it; at least one of the sides is there. */
export interface StatePair {
  readonly key: ObjectKey;
  readonly before: SideState | undefined;
  readonly after: SideState | undefined;
}

/** An object's state with where its line is. */
export interface SideState {
  readonly type: TypeEntry;
  readonly state: ObjectState;
  readonly segment: SegmentRef;
  /** Line of the segment, from 0. */
  readonly index: number;
}

/** Which objects a comparison goes through. */
export type Breadth = "differences" | "everything";

/**
 * Walks two snapshots side by side, in the order of types and keys, holding the states of a few open and sealed segments
 * of each in memory.
 * With "differences", segments whose state is one and the same blob are not read: their objects are equal, and their
 * keys lie in no other segment of either side, so what remains is still in order.
 * @throws SnapshotError "damaged"
 */
export async function* compareSnapshots(
  older: Snapshot | undefined,
  newer: Snapshot,
  breadth: Breadth,
  call: Call,
): AsyncIterable<StatePair> {
  for (const [before, after] of joinTypes(older?.manifest.types ?? [], newer.manifest.types)) {
    const skip = breadth === "differences" ? sharedStates(before, after) : NONE;
    const left = older === undefined ? nothing() : sideStates(older, before, skip, call);
    yield* joinStates(left, sideStates(newer, after, skip, call), breadth);
  }
}

const NONE: ReadonlySet<string> = new Set();
/** States under way at a time, of each side: they are small, and nearly all of their time is the way to the store. */
const READ_AHEAD = 4;

function* joinTypes(
  older: readonly TypeEntry[],
  newer: readonly TypeEntry[],
): Iterable<[TypeEntry | undefined, TypeEntry | undefined]> {
  let left = 0;
  let right = 0;
  for (;;) {
    const before = older[left];
    const after = newer[right];
    if (before === undefined && after === undefined) return;
    const order = orderOf(before, after, compareTypes);
    yield [order <= 0 ? before : undefined, order >= 0 ? after : undefined];
    if (order <= 0) left++;
    if (order >= 0) right++;
  }
}

/** A side that has ended comes last. */
function orderOf<Item>(left: Item | undefined, right: Item | undefined, compare: (a: Item, b: Item) => number): number {
  if (left === undefined) return right === undefined ? 0 : 1;
  return right === undefined ? -1 : compare(left, right);
}

function sharedStates(before: TypeEntry | undefined, after: TypeEntry | undefined): ReadonlySet<string> {
  const older = new Set(before?.segments.map((segment) => segment.state.sha256));
  return new Set(after?.segments.map((segment) => segment.state.sha256).filter((sha256) => older.has(sha256)));
}

/** States in the order of keys, those of a segment together: each step from one generator to the next costs as much as a state. */
type StateBatches = AsyncIterable<readonly SideState[]>;

async function* sideStates(
  snapshot: Snapshot,
  type: TypeEntry | undefined,
  skip: ReadonlySet<string>,
  call: Call,
): StateBatches {
  if (type === undefined) return;
  const segments = type.segments.filter(({ state }) => !skip.has(state.sha256));
  const [run, sealed] = runsOf(segments);
  const states = statesIn(snapshot, type, run, call);
  if (sealed === undefined) return yield* states;
  const others = oneByOne(statesIn(snapshot, type, sealed, call));
  const merged = mergeOrdered(oneByOne(states), others, (a, b) => compareUtf8(a.state.key, b.state.key));
  for await (const side of merged) yield [side];
}

function statesIn(snapshot: Snapshot, type: TypeEntry, segments: readonly SegmentRef[], call: Call): StateBatches {
  const read = async (segment: SegmentRef) => {
    const states = await snapshot.segmentStates(segment, call);
    return states.map((state, index) => ({ type, state, segment, index }));
  };
  return pMapIterable(segments, read, { concurrency: READ_AHEAD });
}

async function* oneByOne(batches: StateBatches): AsyncIterable<SideState> {
  for await (const batch of batches) yield* batch;
}

async function* nothing(): AsyncGenerator<never> {
  // The first snapshot is compared with an empty one.
}

/** The next state of a side. */
interface Cursor {
  /** Undefined behind the last one. */
  readonly head: SideState | undefined;
  /** @returns what to wait for; false where the next one is at hand */
  advance(): Promise<void> | false;
}

/** Stands before the first state: advance it. */
function createCursor(batches: StateBatches): Cursor {
  const iterator = batches[Symbol.asyncIterator]();
  const at: { batch: readonly SideState[]; index: number } = { batch: [], index: 0 };
  async function nextBatch(): Promise<void> {
    do {
      const next = await iterator.next();
      at.index = 0;
      at.batch = next.done === true ? [] : next.value;
      if (next.done === true) return;
    } while (at.batch.length === 0);
  }
  return {
    get head() {
      return at.batch[at.index];
    },
    advance() {
      at.index++;
      return at.index >= at.batch.length && nextBatch();
    },
  };
}

async function* joinStates(older: StateBatches, newer: StateBatches, breadth: Breadth): AsyncIterable<StatePair> {
  const [left, right] = [createCursor(older), createCursor(newer)];
  await Promise.all([left.advance(), right.advance()]);
  for (;;) {
    const [before, after] = [left.head, right.head];
    const order = orderOf(before, after, (a, b) => compareUtf8(a.state.key, b.state.key));
    const key = (order <= 0 ? before : after)?.state.key;
    if (key === undefined) return;
    const pair = { key, before: order <= 0 ? before : undefined, after: order >= 0 ? after : undefined };
    if (breadth === "everything" || !sameState(pair)) yield pair;
    const [leftWaits, rightWaits] = [order <= 0 && left.advance(), order >= 0 && right.advance()];
    if (leftWaits || rightWaits) await Promise.all([leftWaits, rightWaits]);
  }
}

function sameState({ before, after }: StatePair): boolean {
  if (before === undefined || after === undefined) return false;
  return sameVersion(before.state, after.state) && before.state.mirror === after.state.mirror;
}
