import { compareTypes, compareUtf8, objectKey } from "@kubeferry/model";
import type { GitRef } from "../git-ref.ts";
import type { ReadObject } from "./source.ts";

/** Takes an object of one of the sources, and the place of that source among them. */
type Take = (read: ReadObject, place: number) => Promise<void>;

/**
 * Hands on all objects of several sources, those of one name behind each other in the order of the sources, as long as
 * each source gives its own in the order of snapshots. One that gives them in another order is read all the same.
 * An error, of a source or of who takes its objects, ends the reading of all.
 */
export async function inStep(sources: readonly AsyncIterable<ReadObject>[], take: Take): Promise<void> {
  const readers: Reader[] = sources.map((source) => ({ objects: source[Symbol.asyncIterator](), next: undefined }));
  try {
    for (const reader of readers) await advance(reader);
    for (let first = firstOf(readers); first !== undefined; first = firstOf(readers)) {
      for (const [place, reader] of readers.entries()) {
        if (reader.next === undefined || !isSame(reader.next.ref, first.ref)) continue;
        await take(reader.next, place);
        await advance(reader);
      }
    }
  } finally {
    for (const { objects } of readers) await objects.return?.();
  }
}

/** A source as far as it was read. */
interface Reader {
  readonly objects: AsyncIterator<ReadObject>;
  /** Undefined behind the last one. */
  next: ReadObject | undefined;
}

async function advance(reader: Reader): Promise<void> {
  const { done, value } = await reader.objects.next();
  reader.next = done === true ? undefined : value;
}

function firstOf(readers: readonly Reader[]): ReadObject | undefined {
  let first: ReadObject | undefined;
  for (const { next } of readers) {
    if (first === undefined) first = next;
    else if (next !== undefined && !isSame(next.ref, first.ref) && compareRefs(next.ref, first.ref) < 0) first = next;
  }
  return first;
}

/** Nearly all are, so this is asked before which of them comes first. */
function isSame(left: GitRef, right: GitRef): boolean {
  return (
    left.name === right.name &&
    left.namespace === right.namespace &&
    left.resource === right.resource &&
    left.group === right.group
  );
}

/** The order of snapshots: by type, then by key. */
function compareRefs(left: GitRef, right: GitRef): number {
  return (
    compareTypes(left, right) ||
    compareUtf8(objectKey(left.namespace, left.name), objectKey(right.namespace, right.name))
  );
}
