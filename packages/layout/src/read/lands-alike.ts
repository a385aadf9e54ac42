import { type Cleaner, equalJson } from "@kubeferry/clean";
import { at, type Call, isJsonObject, type JsonObject, type JsonValue, typeName } from "@kubeferry/model";
import type { SegmentRef, Snapshot, TypeEntry } from "@kubeferry/snapshot";
import { opensType } from "../select/select-objects.ts";
import { readObject } from "./read-object.ts";
import { outlineOf } from "./snapshot-content.ts";

/**
 * Whether two snapshots of a cluster give a run the same: only the status of objects moved, and who wrote it when. Read
 * are the segments that are not in both, a pair at a time; looked at are the objects whose bytes differ. In doubt the
 * answer is no.
 * @throws SnapshotError "damaged"
 */
export async function landsAlike(older: Snapshot, newer: Snapshot, cleaner: Cleaner, call: Call): Promise<boolean> {
  if (outlineOf(older.manifest) !== outlineOf(newer.manifest)) return false;
  const types = newer.manifest.types.filter(opensType);
  for (const [index, before] of older.manifest.types.filter(opensType).entries()) {
    const after = types[index];
    if (after === undefined || !(await typeLandsAlike([older, before], [newer, after], cleaner, call))) return false;
  }
  return true;
}

type Side = readonly [snapshot: Snapshot, type: TypeEntry];

async function typeLandsAlike(
  [older, before]: Side,
  [newer, after]: Side,
  cleaner: Cleaner,
  call: Call,
): Promise<boolean> {
  const gone = without(before.segments, after.segments);
  const come = without(after.segments, before.segments);
  if (gone.length === 0 && come.length === 0) return true;
  // A Secret's revision may be all that tells whether its file is to be made anew, and a Job's status whether it belongs
  // into Git; and what is encrypted is other bytes each time.
  const mayMove = !NEVER_ALIKE.has(typeName(after)) && [...gone, ...come].every(({ sealed }) => sealed === undefined);
  if (!mayMove || gone.length !== come.length) return false;
  for (const [index, left] of gone.entries()) {
    const right = come[index];
    if (right === undefined) return false;
    const lines = await Promise.all([older.segmentObjects(left, call), newer.segmentObjects(right, call)]);
    if (!segmentLandsAlike(after, lines, cleaner)) return false;
  }
  return true;
}

const NEVER_ALIKE: ReadonlySet<string> = new Set(["secrets", "jobs.batch"]);

function without(segments: readonly SegmentRef[], others: readonly SegmentRef[]): readonly SegmentRef[] {
  const known = new Set(others.map(({ sha256 }) => sha256));
  return segments.filter(({ sha256 }) => !known.has(sha256));
}

type Lines = Awaited<ReturnType<Snapshot["segmentObjects"]>>;

function segmentLandsAlike(type: TypeEntry, [before, after]: readonly [Lines, Lines], cleaner: Cleaner): boolean {
  if (before.length !== after.length) return false;
  return before.every(({ key, line }, index) => {
    const now = after[index];
    if (now === undefined || now.key !== key) return false;
    return line.equals(now.line) || objectLandsAlike(type, key, [line, now.line], cleaner);
  });
}

function objectLandsAlike(
  type: TypeEntry,
  key: Lines[number]["key"],
  lines: readonly [before: Buffer, after: Buffer],
  cleaner: Cleaner,
): boolean {
  const [before, after] = lines.map((line) => {
    const read = readObject("", { type, key, readable: true, line, wasSealed: false }, () => undefined);
    return read === undefined || read.sealed ? undefined : read.object;
  });
  if (before === undefined || after === undefined) return false;
  return (
    equalJson(lastingPart(before), lastingPart(after)) &&
    equalJson(viewed(before, type, cleaner), viewed(after, type, cleaner))
  );
}

/** What cleaning makes of an object, which a status may be part of, and the evidence of who wrote it. */
function viewed(object: JsonObject, type: TypeEntry, cleaner: Cleaner): JsonValue {
  const dropped = cleaner.dropReason(object, type)?.rule ?? null;
  return [dropped, cleaner.clean(object, type, { ours: () => true }).object];
}

/** All that a run looks at beside the cleaned object: everything but the status, and the marks of its being written. */
function lastingPart({ status: _, metadata, ...object }: JsonObject): JsonObject {
  if (!isJsonObject(metadata)) return object;
  const { resourceVersion: __, managedFields, ...lasting } = metadata;
  const writers = Array.isArray(managedFields) ? managedFields.map(withoutStatus) : (managedFields ?? null);
  return { ...object, metadata: { ...lasting, managedFields: writers } };
}

function withoutStatus(writer: JsonValue): JsonValue {
  if (!isJsonObject(writer)) return writer;
  const { time: _, ...lasting } = writer;
  const fields = at(writer, "fieldsV1");
  if (writer.subresource !== "status" || !isJsonObject(fields)) return lasting;
  const { "f:status": __, ...others } = fields;
  return { ...lasting, fieldsV1: others };
}
