import type { Buffer } from "node:buffer";
import { type Call, compareUtf8, type ObjectKey, splitObjectKey, typeName } from "@kubeferry/model";
import { createScope } from "@kubeferry/shared-config";
import type { ObjectState, SegmentRef, Snapshot, TypeEntry } from "@kubeferry/snapshot";
import type { ComparedType } from "../sides/side.ts";

/** Where an object is in a snapshot, and which version of it. */
export interface Located {
  readonly state: ObjectState;
  readonly segment: SegmentRef;
}

/** What a snapshot says of one object. */
export type Finding =
  | { readonly is: "there"; readonly located: Located }
  | { readonly is: "absent" }
  /** It cannot be told. */
  | { readonly is: "unknown"; readonly reason: string };

/**
 * Looks for an object. A segment that it was in before, by its digest, is not read again: nothing in it moved.
 * @throws SnapshotError "damaged"
 */
export async function locate(
  snapshot: Snapshot,
  type: ComparedType,
  key: ObjectKey,
  before: Located | undefined,
  call: Call,
): Promise<Finding> {
  const entry = snapshot.manifest.types.find((each) => typeName(each) === typeName(type));
  if (entry === undefined) return unlisted(snapshot, type);
  const { captured } = entry;
  if (captured.status !== "read") return { is: "unknown", reason: `${captured.status}: ${captured.reason}` };
  const same = entry.segments.find(({ sha256 }) => sha256 === before?.segment.sha256);
  if (same !== undefined && before !== undefined) return { is: "there", located: before };
  for (const segment of entry.segments.filter((each) => mayHold(each, key))) {
    const states = await snapshot.segmentStates(segment, call);
    const state = states.find((each) => each.key === key);
    if (state !== undefined) return { is: "there", located: { state, segment } };
  }
  return isLookedAt(entry, key) ? { is: "absent" } : { is: "unknown", reason: "outside of what was looked at" };
}

/** Its JSON. @throws SnapshotError "sealed" */
export async function readLocated(snapshot: Snapshot, { state, segment }: Located, call: Call): Promise<Buffer> {
  const objects = await snapshot.segmentObjects(segment, call);
  const found = objects.find(({ key }) => key === state.key);
  if (found === undefined) throw new Error(`${state.key} is in the state of its segment and not in the segment`);
  return found.line;
}

function unlisted({ manifest }: Snapshot, type: ComparedType): Finding {
  const skipped = manifest.skipped.find(({ resource }) => resource === typeName(type));
  if (skipped !== undefined) return { is: "unknown", reason: `left out: ${skipped.reason}` };
  const failure = manifest.failures.find(({ target }) => target === typeName(type));
  return failure === undefined ? { is: "absent" } : { is: "unknown", reason: failure.message };
}

function mayHold({ first, last }: SegmentRef, key: ObjectKey): boolean {
  return compareUtf8(first, key) <= 0 && compareUtf8(key, last) <= 0;
}

/** With a selector an object that is not there may only have lost its label. */
function isLookedAt({ captured, ...type }: TypeEntry, key: ObjectKey): boolean {
  const scope = captured.status === "read" ? captured.scope : undefined;
  if (scope === undefined) return true;
  if (scope.labelSelector !== undefined || scope.annotationSelector !== undefined) return false;
  const placed = { resource: typeName(type), ...splitObjectKey(key, type.namespaced) };
  return createScope(scope).outOfScope(placed) === undefined;
}
