import type { Buffer } from "node:buffer";
import { type Call, compareUtf8, type ObjectKey, type ResourceType } from "@kubeferry/model";
import type { SegmentRef, TypeEntry } from "../manifest.ts";
import { firstOf, lastOf, totalOf } from "../segment/span.ts";
import { SnapshotError } from "../snapshot-error.ts";
import {
  type CapturedObject,
  isVersioned,
  NO_MIRROR,
  type ObjectState,
  type RenderView,
  type Snapshot,
} from "../snapshots.ts";
import { RENDER_FAILURE } from "./render-states.ts";
import { isSealedAs, type Sealing } from "./sealing.ts";
import type { SegmentOutline } from "./store-cut.ts";

/** What the parent snapshot has of one type and could be named again. */
export interface ParentSegments {
  /** True when the states of the parent say what this run's view would. */
  readonly statesHold: boolean;
  /** True for the digest of a segment that the parent has of this type. */
  has(sha256: string): boolean;
  /** The parent's segments (one, or an open and a sealed one) of the very same objects; undefined when there are none. */
  findCut(outline: SegmentOutline, objects: readonly CapturedObject[]): readonly SegmentRef[] | undefined;
  /** As `findCut`, for the one segment that a part of a cut became. */
  findPart(outline: SegmentOutline, objects: readonly CapturedObject[]): SegmentRef | undefined;
  /**
   * What the parent says of the open objects between two keys, where this run's view would say the same: in a cut in
   * which something moved, most did not, and need not be rendered. Nothing where the parent cannot be read.
   */
  statesWithin(
    outline: Pick<SegmentOutline, "first" | "last">,
    call: Call,
  ): Promise<ReadonlyMap<ObjectKey, ObjectState>>;
  /**
   * What the parent knows of the objects of one of its cuts, in key order; undefined where that cannot be had: some are
   * encrypted, or the parent is damaged, which is the commit's to tell.
   */
  statesOf(cut: readonly SegmentRef[], call: Call): Promise<readonly ObjectState[] | undefined>;
  /** As `statesOf`, with their lines. */
  objectsOf(cut: readonly SegmentRef[], call: Call): Promise<readonly CapturedObject[] | undefined>;
  /** All of the parent's segments, cut by cut in key order; undefined unless each could be named again, states and all. */
  cuts(): readonly (readonly SegmentRef[])[] | undefined;
}

const NO_STATES: ReadonlyMap<ObjectKey, ObjectState> = new Map();

/** Nothing is named again. */
const NOTHING: ParentSegments = {
  statesHold: false,
  has: () => false,
  findCut: () => undefined,
  findPart: () => undefined,
  statesWithin: async () => NO_STATES,
  statesOf: async () => undefined,
  objectsOf: async () => undefined,
  cuts: () => undefined,
};

/** How this run captures, renders and encrypts. */
export interface RunShape {
  /** True while the API is known to be the parent's: another schema fills in other defaults. */
  readonly sameApi: boolean;
  readonly capture: string;
  readonly view: RenderView;
  readonly sealing: Sealing | undefined;
}

/**
 * Looks up the parent's segments by what they hold. Equal (key, uid, resourceVersion) mean equal bytes as long as the
 * type is read at the same version of the same API, and captured the same way. Under another API a segment is written
 * again, and has the same name where it holds the same; only an encrypted one, which never has the same name twice, is
 * still believed by its size.
 */
export function parentSegments(parent: Snapshot | undefined, type: ResourceType, run: RunShape): ParentSegments {
  const entry = parent?.manifest.types.find((known) => known.group === type.group && known.resource === type.resource);
  if (parent === undefined || entry === undefined || !sameShape(entry, type)) return NOTHING;
  if (parent.manifest.capture !== run.capture) return NOTHING;
  const usable = entry.segments.filter(
    (segment) => isSealedAs(segment, type, run.sealing) && (run.sameApi || segment.sealed !== undefined),
  );
  const byCut = Map.groupBy(usable, ({ cut, versions }) => cut ?? versions);
  const byVersions = new Map(usable.map((segment) => [segment.versions, segment]));
  const digests = new Set(entry.segments.map(({ sha256 }) => sha256));
  const statesOf = keepingLast(STATES_KEPT, (segment: SegmentRef, call: Call) => parent.segmentStates(segment, call));
  const isWhole = run.sameApi && usable.length === entry.segments.length && statesHold(parent, run.view);
  return {
    statesHold: statesHold(parent, run.view),
    has: (sha256) => digests.has(sha256),
    cuts: () =>
      isWhole ? [...byCut.values()].sort((left, right) => compareUtf8(firstOf(left), firstOf(right))) : undefined,
    statesOf: async (cut, call) => {
      const segment = onlyOpen(cut);
      return segment && readable(statesOf(segment, call));
    },
    async objectsOf(cut, call) {
      const segment = onlyOpen(cut);
      if (segment === undefined) return undefined;
      const reading = Promise.all([statesOf(segment, call), parent.segmentObjects(segment, call)]);
      return readable(reading.then(together));
    },
    findCut(outline, objects) {
      const known = byCut.get(outline.versions);
      return known !== undefined && isSame(known, outline) && objects.every(isVersioned) ? known : undefined;
    },
    findPart(outline, objects) {
      const known = byVersions.get(outline.versions);
      return known !== undefined && isSame([known], outline) && objects.every(isVersioned) ? known : undefined;
    },
    async statesWithin({ first, last }, call) {
      if (!statesHold(parent, run.view)) return NO_STATES;
      // Without a mirror there are no digests to carry on.
      if (run.view.fingerprint === NO_MIRROR.fingerprint) return NO_STATES;
      const overlapping = usable.filter(
        (segment) =>
          segment.sealed === undefined &&
          compareUtf8(segment.first, last) <= 0 &&
          compareUtf8(segment.last, first) >= 0,
      );
      const states = await Promise.all(overlapping.map((segment) => readable(statesOf(segment, call))));
      return new Map(states.flatMap((held) => held ?? []).map((state) => [state.key, state]));
    },
  };
}

/** A parent that is damaged is the commit's to tell; until then it only means that this is not had from it. */
async function readable<Held>(reading: Promise<Held>): Promise<Held | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof SnapshotError && error.kind === "damaged") return undefined;
    throw error;
  }
}

function onlyOpen([segment, sealed]: readonly SegmentRef[]): SegmentRef | undefined {
  return segment?.sealed === undefined && sealed === undefined ? segment : undefined;
}

/** Undefined where the two do not speak of the same objects. */
function together([states, lines]: readonly [
  readonly ObjectState[],
  readonly { readonly key: ObjectKey; readonly line: Buffer }[],
]): readonly CapturedObject[] | undefined {
  const objects = states.map(({ key, uid, resourceVersion }, index) => {
    const line = lines[index];
    return line?.key === key ? { key, uid, resourceVersion, line: line.line } : undefined;
  });
  return objects.every((object) => object !== undefined) ? objects : undefined;
}

/** Whoever reads a cut back and writes it anew asks for its states twice; where its end moved, for its neighbour's too. */
const STATES_KEPT = 2;

function keepingLast(
  most: number,
  read: (segment: SegmentRef, call: Call) => Promise<readonly ObjectState[]>,
): typeof read {
  const kept = new Map<string, Promise<readonly ObjectState[]>>();
  return (segment, call) => {
    const { sha256 } = segment.state;
    const states = kept.get(sha256) ?? read(segment, call);
    kept.delete(sha256);
    kept.set(sha256, states);
    for (const oldest of kept.keys()) {
      if (kept.size <= most) break;
      kept.delete(oldest);
    }
    return states;
  };
}

function sameShape(entry: TypeEntry, type: ResourceType): boolean {
  // A carried type may have been captured by an older run in another way than its manifest says of itself.
  return entry.captured.status === "read" && entry.version === type.version && entry.kind === type.kind;
}

// A failed rendering left no digest in the state and is tried again.
function statesHold({ manifest }: Snapshot, view: RenderView): boolean {
  if (manifest.mirror !== view.fingerprint) return false;
  return !manifest.failures.some((failure) => failure.kind === RENDER_FAILURE);
}

/** Together, the segments span what the outline does. */
function isSame(known: readonly SegmentRef[], outline: SegmentOutline): boolean {
  const sameSize = totalOf(known, ({ rawBytes }) => rawBytes) === outline.rawBytes;
  const sameCount = totalOf(known, ({ objects }) => objects) === outline.objects;
  return sameSize && sameCount && firstOf(known) === outline.first && lastOf(known) === outline.last;
}
