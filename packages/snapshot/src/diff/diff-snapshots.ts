import { isDeepStrictEqual } from "node:util";
import { type Call, type ObjectKey, typeName } from "@kubeferry/model";
import type { CaptureScope, SnapshotManifest, TypeEntry } from "../manifest.ts";
import { type ObjectState, type Snapshot, sameVersion } from "../snapshots.ts";
import { compareSnapshots, type StatePair } from "./compare.ts";

/** What happened to one object between two snapshots. */
export interface ObjectChange {
  /** The newer snapshot's entry of the type, or the older's where the newer has none. */
  readonly type: TypeEntry;
  readonly key: ObjectKey;
  readonly change: "added" | "changed" | "removed";
  readonly before?: ObjectState;
  readonly after?: ObjectState;
}

/**
 * Yields what changed from one snapshot to another, in the order of types and keys, holding one segment's state of each
 * in memory; segments that both name are not read. "changed" is another uid or resourceVersion, or, while both were
 * rendered the same way, another mirror file. "removed" is said only of types that the newer one read, or that the
 * cluster no longer serves: what was unread, filtered, skipped or left the scope is not known to be gone.
 * @param older undefined: everything is added
 * @throws SnapshotError "damaged"
 */
export async function* diffSnapshots(
  older: Snapshot | undefined,
  newer: Snapshot,
  call: Call,
): AsyncIterable<ObjectChange> {
  const sameView = older?.manifest.mirror === newer.manifest.mirror;
  for await (const pair of compareSnapshots(older, newer, "differences", call)) {
    const change = changeOf(pair, sameView, newer.manifest);
    if (change !== undefined) yield change;
  }
}

function changeOf(pair: StatePair, sameView: boolean, newer: SnapshotManifest): ObjectChange | undefined {
  const { key, before, after } = pair;
  if (before === undefined) return after && { type: after.type, key, change: "added", after: after.state };
  if (after === undefined) {
    const type = newer.types.find((entry) => typeName(entry) === typeName(before.type));
    if (!isAbsenceKnown(newer, type, before.type)) return undefined;
    return { type: type ?? before.type, key, change: "removed", before: before.state };
  }
  const differs = !sameVersion(before.state, after.state) || (sameView && before.state.mirror !== after.state.mirror);
  if (!differs) return undefined;
  return { type: after.type, key, change: "changed", before: before.state, after: after.state };
}

function isAbsenceKnown(newer: SnapshotManifest, type: TypeEntry | undefined, known: TypeEntry): boolean {
  if (type !== undefined) return type.captured.status === "read" && isInScope(type.captured.scope, known);
  return !newer.skipped.some((skipped) => skipped.resource === typeName(known));
}

/** An object that a scope took in before and not now may have left the scope; by equal lists of names it cannot. */
function isInScope(scope: CaptureScope | undefined, known: TypeEntry): boolean {
  if (scope === undefined) return true;
  if (scope.labelSelector !== undefined || scope.annotationSelector !== undefined) return false;
  return known.captured.status === "read" && isDeepStrictEqual(known.captured.scope, scope);
}
