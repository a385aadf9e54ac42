import { Buffer } from "node:buffer";
import { type Call, isJsonObject, type JsonValue, type ObjectKey } from "@kubeferry/model";
import type { ObjectReader } from "@kubeferry/object-store";
import { SHA256_HEX, sha256Hex } from "../blob/digest.ts";
import { damaged, openBlob, readStored } from "../blob/read-blob.ts";
import { blobKey } from "../keys.ts";
import type { SegmentRef } from "../manifest.ts";
import { checkKeys } from "../segment/read-segment.ts";
import type { SnapshotError } from "../snapshot-error.ts";
import type { ObjectState, ObjectVersion } from "../snapshots.ts";
import type { OpenState, StateFrames } from "./state-frames.ts";

/** A state's line is short, so a state is never larger than this, opened. */
const MAX_STATE_RAW_BYTES = 64 * 1024 * 1024;

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

/** Where states are read from. */
export interface StateSource {
  readonly store: ObjectReader;
  /** Asked first, and given what is read. */
  readonly frames?: StateFrames | undefined;
}

/**
 * Reads the state of one segment and compares it with what the manifest says of the segment.
 * @throws SnapshotError "damaged" naming the state's key
 */
export async function readState(
  { store, frames }: StateSource,
  segment: SegmentRef,
  call: Call,
): Promise<readonly ObjectState[]> {
  const { sha256 } = segment.state;
  const open = frames?.getOpen(sha256);
  if (open !== undefined && isStateOf(open, segment)) return open.objects;
  const key = blobKey("state", sha256);
  const frame = frames?.get(sha256) ?? (await readStored(store, key, segment.state, call));
  frames?.keep(sha256, frame);
  const raw = await openBlob(key, frame, MAX_STATE_RAW_BYTES);
  const lines = raw.toString("utf8").split("\n");
  if (lines.pop() !== "") throw damaged(key, "its last line does not end");
  const states = lines.map((line, index) => parseLine(key, line, index));
  checkKeys(
    key,
    states.map((state) => state.key),
    segment,
  );
  const { versions } = segment;
  if (versionsDigest(states) !== versions) throw damaged(key, "its versions are not those of the manifest");
  frames?.keepOpen(sha256, { objects: states, versions });
  return states;
}

/** As a reader checks it; the order of keys is that of the digest. */
function isStateOf({ objects, versions }: OpenState, segment: SegmentRef): boolean {
  const sameEnds = objects[0]?.key === segment.first && objects.at(-1)?.key === segment.last;
  return sameEnds && objects.length === segment.objects && versions === segment.versions;
}

/** By hand, as there are as many lines as objects: a schema takes as long as all the rest of reading them. */
function parseLine(blob: string, line: string, index: number): ObjectState {
  const parsed = parsedOrUndefined(line);
  if (parsed === undefined || !isJsonObject(parsed)) throw notAState(blob, index);
  const { k, u, v, m } = parsed;
  if (typeof k !== "string" || k === "" || typeof u !== "string" || typeof v !== "string") throw notAState(blob, index);
  const state = { key: k as ObjectKey, uid: u, resourceVersion: v };
  if (m === undefined) return state;
  if (typeof m !== "string" || !SHA256_HEX.test(m)) throw notAState(blob, index);
  return { ...state, mirror: m };
}

/** A state is all strings, so no integer of it can be too large. */
function parsedOrUndefined(line: string): JsonValue | undefined {
  try {
    return JSON.parse(line) as JsonValue;
  } catch {
    return undefined;
  }
}

function notAState(blob: string, index: number): SnapshotError {
  return damaged(blob, `line ${index + 1} is not the state of an object`);
}
