import { Buffer } from "node:buffer";
import type { Call, ObjectKey } from "@kubeferry/model";
import type { ObjectReader } from "@kubeferry/object-store";
import { z } from "zod";
import { sha256Hex } from "../blob/digest.ts";
import { damaged, readBlob } from "../blob/read-blob.ts";
import { blobKey } from "../keys.ts";
import type { SegmentRef } from "../manifest.ts";
import { splitLines } from "../segment/lines.ts";
import { checkKeys } from "../segment/read-segment.ts";
import type { ObjectState, ObjectVersion } from "../snapshots.ts";

/** A state's line is short, so a state is never larger than this, opened. */
const MAX_STATE_RAW_BYTES = 64 * 1024 * 1024;

const StateLine = z.object({
  k: z.string().min(1),
  u: z.string(),
  v: z.string(),
  m: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});

/** The state of one segment as NDJSON: `{"k":key,"u":uid,"v":resourceVersion,"m":sha256 of the mirror file}` a line. */
export function stateBytes(states: readonly ObjectState[]): Buffer {
  const lines = states.map(({ key, uid, resourceVersion, mirror }) =>
    JSON.stringify({ k: key, u: uid, v: resourceVersion, ...(mirror === undefined ? {} : { m: mirror }) }),
  );
  return Buffer.from(`${lines.join("\n")}\n`, "utf8");
}

/** The digest that a segment keeps as `versions`: SHA-256 of its state's bytes without the mirror digests. */
export function versionsDigest(states: readonly ObjectVersion[]): string {
  return sha256Hex(stateBytes(states.map(({ key, uid, resourceVersion }) => ({ key, uid, resourceVersion }))));
}

/**
 * Reads the state of one segment and compares it with what the manifest says of the segment.
 * @throws SnapshotError "damaged" naming the state's key
 */
export async function readState(store: ObjectReader, segment: SegmentRef, call: Call): Promise<ObjectState[]> {
  const key = blobKey("state", segment.state.sha256);
  const raw = await readBlob(store, "state", segment.state, MAX_STATE_RAW_BYTES, call);
  const lines = splitLines(raw);
  if (lines === undefined) throw damaged(key, "its last line does not end");
  const states = lines.map((line, index) => parseLine(key, line, index));
  checkKeys(
    key,
    states.map((state) => state.key),
    segment,
  );
  if (versionsDigest(states) !== segment.versions) throw damaged(key, "its versions are not those of the manifest");
  return states;
}

function parseLine(blob: string, line: Buffer, index: number): ObjectState {
  const parsed = StateLine.safeParse(parseOrUndefined(line));
  if (!parsed.success) throw damaged(blob, `line ${index + 1} is not the state of an object`);
  const { k, u, v, m } = parsed.data;
  return { key: k as ObjectKey, uid: u, resourceVersion: v, ...(m === undefined ? {} : { mirror: m }) };
}

function parseOrUndefined(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString("utf8"));
  } catch {
    return undefined;
  }
}
