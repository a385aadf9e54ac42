import type { Call } from "@kubeferry/model";
import type { ObjectReader } from "@kubeferry/object-store";
import { readApi } from "./api-documents.ts";
import type { StoredManifest } from "./manifest/read-manifest.ts";
import type { TypeEntry } from "./manifest.ts";
import { readSegment } from "./segment/read-segment.ts";
import type { ObjectState, Snapshot, SnapshotObject } from "./snapshots.ts";
import { readState } from "./state/state.ts";

/**
 * Makes a snapshot readable.
 * @param store Where its blobs are read from. Blobs are named by their digest, so a reader that keeps copies can stand in front of it.
 */
export function openSnapshot(store: ObjectReader, stored: StoredManifest): Snapshot {
  const { manifest } = stored;
  return {
    ...stored,
    async *objects(select, call): AsyncIterable<SnapshotObject> {
      for (const [type, segment] of segmentsOf(manifest.types, select)) {
        for (const { key, line } of await readSegment(store, segment, call)) yield { type, key, line };
      }
    },
    async *states(select, call): AsyncIterable<ObjectState & { readonly type: TypeEntry }> {
      for (const [type, segment] of segmentsOf(manifest.types, select)) {
        for (const state of await readState(store, segment, call)) yield { type, ...state };
      }
    },
    segmentObjects: (segment, call) => readSegment(store, segment, call),
    segmentStates: (segment, call) => readState(store, segment, call),
    api: (call: Call) => readApi(store, manifest.api, call),
  };
}

function* segmentsOf(types: readonly TypeEntry[], select: (type: TypeEntry) => boolean) {
  for (const type of types) {
    if (!select(type)) continue;
    for (const segment of type.segments) yield [type, segment] as const;
  }
}
