import { type Call, compareUtf8, type ObjectKey, type ResourceType, typeName } from "@kubeferry/model";
import { MAX_BLOB_BYTES } from "../blob/read-blob.ts";
import type { SegmentRef } from "../manifest.ts";
import { endsSegment, overflows } from "../segment/cut.ts";
import { lineKey } from "../segment/line-key.ts";
import { isOneLine } from "../segment/lines.ts";
import { totalOf } from "../segment/span.ts";
import { SnapshotError } from "../snapshot-error.ts";
import type { CapturedObject } from "../snapshots.ts";
import { createGatheredCut } from "./gathered-cut.ts";
import { type StoredCuts, storeCut, type TypeWriting } from "./store-cut.ts";

/** Writes one type; holds the objects between two borders in memory. */
export interface TypeWriter {
  /** True where a segment begins: before the first object, and behind each that ends one. */
  readonly isAtBorder: boolean;
  /**
   * Takes the next object in key order.
   * @throws SnapshotError "invalid" for one out of order or a line that no reader would accept
   */
  add(object: CapturedObject): Promise<void>;
  /**
   * Takes objects that follow each other in a segment of the parent, and did not move. Whether a segment ends behind an
   * object depends on that object alone, so it ends behind none of them but, maybe, the last.
   * @param isSearched that segment was looked through for credentials, and there were none
   * @throws as `add`
   */
  addUnmoved(objects: readonly CapturedObject[], isSearched: boolean): Promise<void>;
  /** Names segments of the parent again, which follow behind what was added; only at a border. */
  nameAgain(segments: readonly SegmentRef[]): void;
  /** @returns the segments in the order of their first keys */
  end(): Promise<StoredCuts>;
}

/** Cuts a type's objects into segments and stores those that moved. */
export function createTypeWriter(writing: TypeWriting, call: Call): TypeWriter {
  const stored: StoredCuts = { segments: [], found: [], failures: [], written: 0 };
  const current = createGatheredCut(writing.gatherer);
  async function endCut(): Promise<void> {
    await storeCut(writing, current.objects(), stored, call);
    current.clear();
  }
  let previous: ObjectKey | undefined;
  async function add(object: CapturedObject): Promise<void> {
    checkObject(writing.type, object, previous);
    previous = object.key;
    const itemBytes = object.line.length + 1;
    if (overflows(current.bytes, itemBytes, writing.segmentBytes)) await endCut();
    current.add(object);
    if (endsSegment(object.key, itemBytes, writing.segmentBytes)) await endCut();
  }
  return {
    get isAtBorder() {
      return current.bytes === 0;
    },
    add,
    async addUnmoved(objects, isSearched) {
      const [first, last] = [objects[0], objects.at(-1)];
      if (first === undefined || last === undefined) return;
      const firstBytes = first.line.length + 1;
      const bytes = totalOf(objects, ({ line }) => line.length + 1);
      if (overflows(current.bytes + firstBytes, bytes - firstBytes, writing.segmentBytes)) {
        for (const object of objects) await add(object);
        return;
      }
      // What follows the first is in order, as whoever read the segment found.
      checkObject(writing.type, first, previous);
      previous = last.key;
      current.addRun(objects, isSearched);
      if (endsSegment(last.key, last.line.length + 1, writing.segmentBytes)) await endCut();
    },
    nameAgain(segments) {
      stored.segments.push(...segments);
    },
    async end() {
      if (current.bytes > 0) await endCut();
      stored.segments.sort((left, right) => compareUtf8(left.first, right.first));
      return stored;
    },
  };
}

/**
 * Writes all objects of a type.
 * @returns the segments in the order of their first keys
 * @throws as `TypeWriter.add`; what `objects` throws
 */
export async function writeType(
  writing: TypeWriting,
  objects: AsyncIterable<CapturedObject>,
  call: Call,
): Promise<StoredCuts> {
  const writer = createTypeWriter(writing, call);
  for await (const object of objects) await writer.add(object);
  return writer.end();
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
