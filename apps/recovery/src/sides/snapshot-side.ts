import { type Call, clusterPath, compareUtf8, type ObjectKey, splitObjectKey, typeName } from "@kubeferry/model";
import { createScope } from "@kubeferry/shared-config";
import { type CaptureScope, mergeOrdered, type SegmentRef, type Snapshot, type TypeEntry } from "@kubeferry/snapshot";
import { createTypeSchemas } from "../compare/schema/type-schemas.ts";
import type { ComparedType, Side, SideObject, SideType, Unlisted } from "./side.ts";

/** A snapshot as one side of a comparison. Segments of its types are named, so that those of both sides are not read. */
export function snapshotSide(snapshot: Snapshot): Side {
  const { manifest } = snapshot;
  const entries = new Map(manifest.types.map((entry) => [typeName(entry), entry]));
  return {
    description: `${clusterPath(manifest.cluster)}, snapshot ${manifest.sequence} of ${manifest.finishedAt}`,
    clusterUid: manifest.cluster.uid,
    types: manifest.types.map(sideType),
    unlisted: (type) => unlisted(snapshot, type),
    objects(type, skip, call) {
      const entry = entries.get(typeName(type));
      const segments = (entry?.segments ?? []).filter(({ sha256 }) => !skip.has(sha256));
      return entry === undefined ? nothing() : objectsIn(snapshot, { ...entry, segments }, call);
    },
    schemas: async (call) => createTypeSchemas((await snapshot.api(call)).openapi),
  };
}

function sideType({ group, version, resource, kind, namespaced, captured, segments }: TypeEntry): SideType {
  const type = { group, version, resource, kind, namespaced };
  const unknown = unknownOf(captured);
  return {
    ...type,
    ...(unknown === undefined ? {} : { unknown }),
    segments: segments.map(({ sha256 }) => sha256),
    knowsAbsent: captured.status === "read" ? absenceIn(type, captured.scope) : () => false,
  };
}

function unknownOf(captured: TypeEntry["captured"]): SideType["unknown"] {
  if (captured.status === "read") return undefined;
  const reason = `${captured.status} since snapshot ${captured.sinceSequence}: ${captured.reason}`;
  const isGap = captured.status === "unread" && captured.accepted !== true;
  return { because: isGap ? "unread" : "left-out", reason };
}

function unlisted({ manifest }: Snapshot, type: ComparedType): Unlisted {
  const skipped = manifest.skipped.find(({ resource }) => resource === typeName(type));
  if (skipped !== undefined) return { because: "left-out", reason: skipped.reason };
  const failure = manifest.failures.find(({ target }) => target === typeName(type));
  return failure === undefined ? { because: "absent" } : { because: "unread", reason: failure.message };
}

/** With a selector nothing is known to be gone: an object may only have lost its label. */
function absenceIn(type: ComparedType, scope: CaptureScope | undefined): (key: ObjectKey) => boolean {
  if (scope === undefined) return () => true;
  if (scope.labelSelector !== undefined || scope.annotationSelector !== undefined) return () => false;
  const names = createScope(scope);
  const resource = typeName(type);
  return (key) => names.outOfScope({ resource, ...splitObjectKey(key, type.namespaced) }) === undefined;
}

/** What can be opened is read; of the rest the states say what moved. */
function objectsIn(snapshot: Snapshot, entry: TypeEntry, call: Call): AsyncIterable<SideObject> {
  const readable = entry.segments.filter((segment) => snapshot.isReadable(segment));
  const closed = entry.segments.filter((segment) => !snapshot.isReadable(segment));
  return mergeOrdered(
    openObjects(snapshot, { ...entry, segments: readable }, call),
    closedObjects(snapshot, closed, call),
    (left, right) => compareUtf8(left.key, right.key),
  );
}

async function* openObjects(snapshot: Snapshot, entry: TypeEntry, call: Call): AsyncIterable<SideObject> {
  for await (const object of snapshot.objectsOf(entry, "", call)) {
    if (object.readable) yield object;
  }
}

async function* closedObjects(
  snapshot: Snapshot,
  segments: readonly SegmentRef[],
  call: Call,
): AsyncIterable<SideObject> {
  for (const segment of segments) {
    for (const { key, uid, resourceVersion } of await snapshot.segmentStates(segment, call)) {
      yield { key, readable: false, uid, resourceVersion };
    }
  }
}

async function* nothing(): AsyncIterable<SideObject> {
  // It has no such type.
}
