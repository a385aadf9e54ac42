import {
  type Call,
  compareUtf8,
  type Failure,
  KubeferryError,
  type ObjectKey,
  type ResourceType,
  typeName,
} from "@kubeferry/model";
import { sha256Hex } from "../blob/digest.ts";
import { MAX_BLOB_BYTES } from "../blob/read-blob.ts";
import { isSecrets } from "../is-secrets.ts";
import type { SegmentRef } from "../manifest.ts";
import { endsSegment, MAX_SEGMENT_RAW_BYTES } from "../segment/cut.ts";
import { lineKey } from "../segment/line-key.ts";
import { isOneLine, joinLines } from "../segment/lines.ts";
import { SnapshotError } from "../snapshot-error.ts";
import type { CapturedObject, MirrorView, ObjectState } from "../snapshots.ts";
import { stateBytes, versionsDigest } from "../state/state.ts";
import type { ParentSegments } from "./parent-segments.ts";
import type { Uploads } from "./uploads.ts";

/** What writing a type needs. */
export interface TypeWriting {
  readonly type: ResourceType;
  readonly parent: ParentSegments;
  readonly view: MirrorView;
  readonly uploads: Uploads;
}

/** What came of a type. */
export interface WrittenType {
  readonly segments: readonly SegmentRef[];
  readonly written: number;
  readonly reused: number;
  /** Objects whose mirror file could not be made. */
  readonly failures: readonly Failure[];
}

/**
 * Cuts a type's objects into segments and stores those that moved; holds the current segment in memory.
 * @throws SnapshotError "invalid" for objects out of order or lines that no reader would accept; what `objects` throws
 */
export async function writeType(
  writing: TypeWriting,
  objects: AsyncIterable<CapturedObject>,
  call: Call,
): Promise<WrittenType> {
  const segments: SegmentRef[] = [];
  const failures: Failure[] = [];
  let written = 0;
  let current: CapturedObject[] = [];
  let currentBytes = 0;
  async function endSegment(): Promise<void> {
    const ended = await storeSegment(writing, current, failures, call);
    if (ended.written) written++;
    segments.push(ended.segment);
    current = [];
    currentBytes = 0;
  }
  let previous: ObjectKey | undefined;
  for await (const object of objects) {
    checkObject(writing.type, object, previous);
    previous = object.key;
    const itemBytes = object.line.length + 1;
    if (current.length > 0 && currentBytes + itemBytes > MAX_SEGMENT_RAW_BYTES) await endSegment();
    current.push(object);
    currentBytes += itemBytes;
    if (endsSegment(object.key, itemBytes)) await endSegment();
  }
  if (current.length > 0) await endSegment();
  return { segments, written, reused: segments.length - written, failures };
}

async function storeSegment(
  writing: TypeWriting,
  objects: readonly CapturedObject[],
  failures: Failure[],
  call: Call,
): Promise<{ readonly segment: SegmentRef; readonly written: boolean }> {
  const { parent, uploads } = writing;
  const outline = outlineOf(objects);
  const known = parent.find(outline, objects);
  if (known !== undefined && parent.statesHold) return { segment: known, written: false };
  const state = await uploads.add("state", stateBytes(statesOf(writing, objects, failures)), call);
  const tooLarge = oversized(writing, objects);
  if (known !== undefined) {
    const { oversized: _before, ...rest } = known;
    return { segment: { ...rest, state, ...tooLarge }, written: false };
  }
  const blob = await uploads.add("segments", joinLines(objects.map((object) => object.line)), call);
  return { segment: { ...blob, ...outline, state, ...tooLarge }, written: true };
}

/** What a segment's objects alone say of it. */
export type SegmentOutline = Pick<SegmentRef, "rawBytes" | "objects" | "first" | "last" | "versions">;

function outlineOf(objects: readonly CapturedObject[]): SegmentOutline {
  return {
    rawBytes: objects.reduce((total, object) => total + object.line.length + 1, 0),
    objects: objects.length,
    first: objects[0]?.key ?? "",
    last: objects.at(-1)?.key ?? "",
    versions: versionsDigest(objects),
  };
}

/** Objects that have no mirror file for their size. Secrets have none but in mode "plain", and then the same limit. */
function oversized({ view }: TypeWriting, objects: readonly CapturedObject[]): Pick<SegmentRef, "oversized"> {
  const found = objects.flatMap(({ key, line }) =>
    line.length > view.maxObjectBytes ? [{ key, sizeBytes: line.length }] : [],
  );
  return found.length === 0 ? {} : { oversized: found };
}

function statesOf({ type, view }: TypeWriting, objects: readonly CapturedObject[], failures: Failure[]): ObjectState[] {
  return objects.map((object) => {
    const { key, uid, resourceVersion } = object;
    const mirror =
      isSecrets(type) || object.line.length > view.maxObjectBytes
        ? undefined
        : mirrorDigest(view, type, object, failures);
    return { key, uid, resourceVersion, ...(mirror === undefined ? {} : { mirror }) };
  });
}

function mirrorDigest(
  view: MirrorView,
  type: ResourceType,
  object: CapturedObject,
  failures: Failure[],
): string | undefined {
  try {
    const file = view.render(type, object);
    return file === undefined ? undefined : sha256Hex(file);
  } catch (error) {
    failures.push(renderFailure(type, object.key, error));
    return undefined;
  }
}

/** The kind of failure for a mirror file that could not be made. */
export const RENDER_FAILURE = "render";

/** Foreign errors are named, not quoted: a parser's message holds a piece of the object. */
export function renderFailure(type: ResourceType, key: ObjectKey, error: unknown): Failure {
  const why = error instanceof KubeferryError ? error.message : "the object could not be turned into a file";
  return { target: `mirror ${typeName(type)} ${key}`, kind: RENDER_FAILURE, message: why };
}

function checkObject(type: ResourceType, object: CapturedObject, previous: ObjectKey | undefined): void {
  const problem = problemOf(object, previous);
  if (problem === undefined) return;
  throw new SnapshotError({
    kind: "invalid",
    who: "snapshot",
    operation: `add ${typeName(type)} ${object.key}`,
    problem,
    next: "the type is not in this snapshot unless it is added again or carried over from the parent",
  });
}

function problemOf({ key, line }: CapturedObject, previous: ObjectKey | undefined): string | undefined {
  if (previous !== undefined && compareUtf8(previous, key) >= 0) return `it comes after ${previous}, out of order`;
  if (line.length >= MAX_BLOB_BYTES) return `it has ${line.length} bytes, more than a segment can hold`;
  if (!isOneLine(line)) return "its JSON is not one line";
  if (lineKey(line) !== key) return "its JSON names another object";
  return undefined;
}
