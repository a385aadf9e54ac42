import { type Call, compareUtf8, type ObjectKey } from "@kubeferry/model";
import type { ObjectReader } from "@kubeferry/object-store";
import { readApi } from "./api-documents.ts";
import type { StoredManifest } from "./manifest/read-manifest.ts";
import type { SegmentRef, TypeEntry } from "./manifest.ts";
import { mergeOrdered } from "./merge.ts";
import { NO_OPENER, type Opener } from "./protection/age.ts";
import { isReadable, readSegment } from "./segment/read-segment.ts";
import type { ObjectState, Snapshot, SnapshotObject } from "./snapshots.ts";
import { readState } from "./state/state.ts";

/**
 * Makes a snapshot readable.
 * @param store Where its blobs are read from. Blobs are named by their digest, so a reader that keeps copies can stand in front of it.
 * @param opener for the encrypted segments; without one they are known by their states alone
 */
export function openSnapshot(store: ObjectReader, stored: StoredManifest, opener: Opener = NO_OPENER): Snapshot {
  const { manifest } = stored;
  const reading = { store, opener };
  return {
    ...stored,
    async *objects(select, call): AsyncIterable<SnapshotObject> {
      for (const type of manifest.types) if (select(type)) yield* objectsOf(reading, type, "", call);
    },
    objectsOf: (type, after, call) => objectsOf(reading, type, after, call),
    async *states(select, call): AsyncIterable<ObjectState & { readonly type: TypeEntry }> {
      for (const type of manifest.types) if (select(type)) yield* statesOf(store, type, call);
    },
    isReadable: (segment) => isReadable(segment, opener),
    segmentObjects: (segment, call) => readSegment(store, segment, opener, call),
    segmentStates: (segment, call) => readState(store, segment, call),
    api: (call: Call) => readApi(store, manifest.api, call),
  };
}

interface Reading {
  readonly store: ObjectReader;
  readonly opener: Opener;
}

/** What lies behind a key, in the order of keys: the open segments merged with the sealed ones. */
function objectsOf(reading: Reading, type: TypeEntry, after: string, call: Call): AsyncIterable<SnapshotObject> {
  return inBothRuns(type, (segments) => objectsIn(reading, type, segments, after, call));
}

function statesOf(store: ObjectReader, type: TypeEntry, call: Call) {
  return inBothRuns(type, async function* (segments) {
    for (const segment of segments) for (const state of await readState(store, segment, call)) yield { type, ...state };
  });
}

/** Reads the open segments of a type beside its sealed ones: within each run they follow each other. */
function inBothRuns<Item extends { readonly key: ObjectKey }>(
  { segments }: TypeEntry,
  read: (segments: readonly SegmentRef[]) => AsyncIterable<Item>,
): AsyncIterable<Item> {
  const open = segments.filter(({ sealed }) => sealed === undefined);
  const sealed = segments.filter((segment) => segment.sealed !== undefined);
  return mergeOrdered(read(open), read(sealed), (left, right) => compareUtf8(left.key, right.key));
}

async function* objectsIn(
  { store, opener }: Reading,
  type: TypeEntry,
  segments: readonly SegmentRef[],
  after: string,
  call: Call,
): AsyncIterable<SnapshotObject> {
  for (const segment of segments) {
    // What ends before the wanted keys is not even read.
    if (after !== "" && compareUtf8(segment.last, after) <= 0) continue;
    for await (const object of objectsInSegment(store, type, segment, opener, call)) {
      if (after === "" || compareUtf8(object.key, after) > 0) yield object;
    }
  }
}

async function* objectsInSegment(
  store: ObjectReader,
  type: TypeEntry,
  segment: SegmentRef,
  opener: Opener,
  call: Call,
): AsyncIterable<SnapshotObject> {
  const { sealed } = segment;
  if (sealed !== undefined && !isReadable(segment, opener)) {
    for (const { key } of await readState(store, segment, call)) yield { type, key, readable: false, sealed };
    return;
  }
  for (const { key, line } of await readSegment(store, segment, opener, call)) {
    yield { type, key, readable: true, line, wasSealed: sealed !== undefined };
  }
}
