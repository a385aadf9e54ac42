import { type Call, compareUtf8, type ObjectKey } from "@kubeferry/model";
import type { ObjectReader } from "@kubeferry/object-store";
import { readApi } from "./api-documents.ts";
import type { StoredManifest } from "./manifest/read-manifest.ts";
import type { SegmentRef, SnapshotManifest, TypeEntry } from "./manifest.ts";
import { mergeOrdered } from "./merge.ts";
import { NO_OPENER, type Opener } from "./protection/age.ts";
import { createReadAhead } from "./segment/read-ahead.ts";
import { isReadable, readSegment } from "./segment/read-segment.ts";
import { type Run, runsOf } from "./segment/runs.ts";
import type { ObjectState, Snapshot, SnapshotObject } from "./snapshots.ts";
import { readState } from "./state/state.ts";
import type { StateFrames } from "./state/state-frames.ts";

/** What a snapshot is read with, beside the store. */
export interface SnapshotTools {
  /** For the encrypted segments; without one they are known by their states alone. */
  readonly opener?: Opener | undefined;
  /** States that need not be asked for again. */
  readonly frames?: StateFrames | undefined;
}

/**
 * Makes a snapshot readable.
 * @param store Where its blobs are read from. Blobs are named by their digest, so a reader that keeps copies can stand in front of it.
 */
export function openSnapshot(
  store: ObjectReader,
  stored: StoredManifest,
  { opener = NO_OPENER, frames }: SnapshotTools = {},
): Snapshot {
  const { manifest } = stored;
  const segments: SegmentReading = {
    isReadable: (segment) => isReadable(segment, opener),
    segmentObjects: (segment, call) => readSegment(store, segment, opener, call),
    segmentStates: (segment, call) => readState({ store, frames }, segment, call),
  };
  return {
    ...stored,
    ...segments,
    ...objectReading(manifest, segments),
    async *states(select, call): AsyncIterable<ObjectState & { readonly type: TypeEntry }> {
      for (const type of manifest.types) if (select(type)) yield* statesOf(segments, type, call);
    },
    api: (call: Call) => readApi(store, manifest.api, call),
  };
}

/** What is read of single segments. */
export type SegmentReading = Pick<Snapshot, "isReadable" | "segmentObjects" | "segmentStates">;

/** Makes what reads objects, whatever segment they lie in, out of what reads segments. */
export function objectReading(
  { types }: Pick<SnapshotManifest, "types">,
  reading: SegmentReading,
): Pick<Snapshot, "objects" | "objectsOf"> {
  return {
    async *objects(select, call): AsyncIterable<SnapshotObject> {
      const selected = types.filter(select);
      const ahead = createReadAhead(
        selected.flatMap(({ segments }) => segments.filter(reading.isReadable)),
        (segment) => reading.segmentObjects(segment, call),
      );
      try {
        for (const type of selected) yield* objectsOf({ ...reading, segmentObjects: ahead.read }, type, "", call);
      } finally {
        await ahead.settle();
      }
    },
    objectsOf: (type, after, call) => objectsOf(reading, type, after, call),
  };
}

/** What lies behind a key, in the order of keys: the open segments merged with the sealed ones. */
function objectsOf(reading: SegmentReading, type: TypeEntry, after: string, call: Call): AsyncIterable<SnapshotObject> {
  return inBothRuns(type, (segments) => objectsIn(reading, type, segments, after, call));
}

function statesOf(reading: SegmentReading, type: TypeEntry, call: Call) {
  return inBothRuns(type, async function* (segments) {
    for (const segment of segments)
      for (const state of await reading.segmentStates(segment, call)) yield { type, ...state };
  });
}

/** Reads the open segments of a type beside its sealed ones. */
function inBothRuns<Item extends { readonly key: ObjectKey }>(
  { segments }: TypeEntry,
  read: (run: Run) => AsyncIterable<Item>,
): AsyncIterable<Item> {
  const [run, sealed] = runsOf(segments);
  if (sealed === undefined) return read(run);
  return mergeOrdered(read(run), read(sealed), (left, right) => compareUtf8(left.key, right.key));
}

async function* objectsIn(
  reading: SegmentReading,
  type: TypeEntry,
  segments: readonly SegmentRef[],
  after: string,
  call: Call,
): AsyncIterable<SnapshotObject> {
  for (const segment of segments) {
    // What ends before the wanted keys is not even read.
    if (after !== "" && compareUtf8(segment.last, after) <= 0) continue;
    for (const object of await objectsInSegment(reading, type, segment, call)) {
      if (after === "" || compareUtf8(object.key, after) > 0) yield object;
    }
  }
}

async function objectsInSegment(
  reading: SegmentReading,
  type: TypeEntry,
  segment: SegmentRef,
  call: Call,
): Promise<readonly SnapshotObject[]> {
  const { sealed } = segment;
  if (sealed !== undefined && !reading.isReadable(segment)) {
    const states = await reading.segmentStates(segment, call);
    return states.map(({ key }) => ({ type, key, readable: false, sealed }));
  }
  const lines = await reading.segmentObjects(segment, call);
  return lines.map((line) => ({ type, ...line, readable: true, wasSealed: sealed !== undefined }));
}
