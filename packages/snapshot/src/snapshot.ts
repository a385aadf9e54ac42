import { type Call, compareUtf8, type ObjectKey } from "@kubeferry/model";
import type { ObjectReader } from "@kubeferry/object-store";
import { readApi } from "./api-documents.ts";
import type { StoredManifest } from "./manifest/read-manifest.ts";
import type { SegmentRef, TypeEntry } from "./manifest.ts";
import { mergeOrdered } from "./merge.ts";
import { NO_OPENER, type Opener } from "./protection/age.ts";
import { createReadAhead } from "./segment/read-ahead.ts";
import { isReadable, readSegment, type SegmentLine } from "./segment/read-segment.ts";
import { type Run, runsOf } from "./segment/runs.ts";
import type { ObjectState, Snapshot, SnapshotObject } from "./snapshots.ts";
import { readState, type StateSource } from "./state/state.ts";
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
  const read: Reading["read"] = (segment, call) => readSegment(store, segment, opener, call);
  const reading: Reading = { opener, store, frames, read };
  return {
    ...stored,
    async *objects(select, call): AsyncIterable<SnapshotObject> {
      const types = manifest.types.filter(select);
      const ahead = createReadAhead(
        types.flatMap(({ segments }) => segments.filter((segment) => isReadable(segment, opener))),
        (segment) => read(segment, call),
      );
      try {
        for (const type of types) yield* objectsOf({ ...reading, read: ahead.read }, type, "", call);
      } finally {
        await ahead.settle();
      }
    },
    objectsOf: (type, after, call) => objectsOf(reading, type, after, call),
    async *states(select, call): AsyncIterable<ObjectState & { readonly type: TypeEntry }> {
      for (const type of manifest.types) if (select(type)) yield* statesOf(reading, type, call);
    },
    isReadable: (segment) => isReadable(segment, opener),
    segmentObjects: read,
    segmentStates: (segment, call) => readState(reading, segment, call),
    api: (call: Call) => readApi(store, manifest.api, call),
  };
}

interface Reading extends StateSource {
  readonly opener: Opener;
  readonly read: (segment: SegmentRef, call: Call) => Promise<readonly SegmentLine[]>;
}

/** What lies behind a key, in the order of keys: the open segments merged with the sealed ones. */
function objectsOf(reading: Reading, type: TypeEntry, after: string, call: Call): AsyncIterable<SnapshotObject> {
  return inBothRuns(type, (segments) => objectsIn(reading, type, segments, after, call));
}

function statesOf(reading: Reading, type: TypeEntry, call: Call) {
  return inBothRuns(type, async function* (segments) {
    for (const segment of segments)
      for (const state of await readState(reading, segment, call)) yield { type, ...state };
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
  reading: Reading,
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
  reading: Reading,
  type: TypeEntry,
  segment: SegmentRef,
  call: Call,
): Promise<readonly SnapshotObject[]> {
  const { sealed } = segment;
  if (sealed !== undefined && !isReadable(segment, reading.opener)) {
    const states = await readState(reading, segment, call);
    return states.map(({ key }) => ({ type, key, readable: false, sealed }));
  }
  const lines = await reading.read(segment, call);
  return lines.map(({ key, line }) => ({ type, key, readable: true, line, wasSealed: sealed !== undefined }));
}
