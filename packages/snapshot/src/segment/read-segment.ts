import type { Buffer } from "node:buffer";
import { type Call, compareUtf8, type ObjectKey } from "@kubeferry/model";
import type { ObjectReader } from "@kubeferry/object-store";
import { damaged, MAX_BLOB_BYTES, openBlob, readStored } from "../blob/read-blob.ts";
import { segmentKey } from "../keys.ts";
import type { SegmentRef } from "../manifest.ts";
import type { Opener } from "../protection/age.ts";
import { SnapshotError } from "../snapshot-error.ts";
import { lineKey } from "./line-key.ts";
import { splitLines } from "./lines.ts";

/** One object of a segment. */
export interface SegmentLine {
  readonly key: ObjectKey;
  /** The object's JSON without the line feed: a view on the segment's memory. */
  readonly line: Buffer;
}

/**
 * Reads a segment whole (about 1 MiB, at most 4 MiB and one object) and compares everything the manifest says of it.
 * What was encrypted is opened in memory only.
 * @throws SnapshotError "damaged" naming the segment; "sealed" when no identity is there to open it
 */
export async function readSegment(
  store: ObjectReader,
  segment: SegmentRef,
  opener: Opener,
  call: Call,
): Promise<SegmentLine[]> {
  const key = segmentKey(segment);
  if (!isReadable(segment, opener)) throw sealed(key, segment);
  const stored = await readStored(store, key, segment, call);
  const frame = segment.sealed === undefined ? stored : await unsealed(key, stored, opener);
  const raw = await openBlob(key, frame, Math.min(segment.rawBytes, MAX_BLOB_BYTES));
  if (raw.length !== segment.rawBytes) throw damaged(key, `it opens to ${raw.length} bytes, not ${segment.rawBytes}`);
  const lines = splitLines(raw);
  if (lines === undefined) throw damaged(key, "its last line does not end");
  if (lines.length !== segment.objects) throw damaged(key, `it has ${lines.length} objects, not ${segment.objects}`);
  const objects = lines.map((line, index) => ({ key: keyOf(key, line, index), line }));
  checkKeys(
    key,
    objects.map((object) => object.key),
    segment,
  );
  return objects;
}

/** True for open segments, and for those that one of the identities was encrypted to. */
export function isReadable({ sealed }: Pick<SegmentRef, "sealed">, opener: Opener): boolean {
  return sealed === undefined || opener.opens(sealed);
}

/** The digest of the stored bytes was right, so what cannot be opened here was never for this identity, or never age. */
async function unsealed(key: string, stored: Buffer, opener: Opener): Promise<Buffer> {
  try {
    return await opener.open(stored);
  } catch (cause) {
    throw damaged(key, "it is not an age file for the recipients that the manifest says", cause);
  }
}

function sealed(key: string, segment: SegmentRef): SnapshotError {
  const recipients = segment.sealed?.recipients.join(", ") ?? "";
  return new SnapshotError({
    kind: "sealed",
    who: "snapshot",
    operation: `read ${key}`,
    key,
    problem: `its ${segment.objects} objects are encrypted to ${recipients}, and no identity for that is configured`,
    next: "set encryption.identities where Secrets have to be read",
  });
}

/**
 * Compares the keys of a segment, or of its state, with what the manifest says.
 * @throws SnapshotError "damaged" naming `blob`
 */
export function checkKeys(blob: string, keys: readonly ObjectKey[], segment: SegmentRef): void {
  if (keys.length !== segment.objects) throw damaged(blob, `it has ${keys.length} objects, not ${segment.objects}`);
  if (keys[0] !== segment.first || keys.at(-1) !== segment.last) {
    throw damaged(blob, "it does not start and end with the objects that the manifest says");
  }
  let previous: ObjectKey | undefined;
  for (const key of keys) {
    if (previous !== undefined && compareUtf8(previous, key) >= 0) throw damaged(blob, "its objects are out of order");
    previous = key;
  }
}

function keyOf(blob: string, line: Buffer, index: number): ObjectKey {
  const key = lineKey(line);
  if (key === undefined) throw damaged(blob, `line ${index + 1} is no object with a name`);
  return key;
}
