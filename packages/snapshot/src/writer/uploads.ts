import type { Buffer } from "node:buffer";
import type { Call } from "@kubeferry/model";
import { compressFrame } from "../blob/compress.ts";
import { sha256Hex } from "../blob/digest.ts";
import { createInFlight } from "../in-flight.ts";
import { type BlobKind, blobKey } from "../keys.ts";
import type { BlobRef } from "../manifest.ts";
import type { Sealer } from "../protection/age.ts";
import { stateBytes } from "../state/state.ts";
import type { OpenState, StateFrames } from "../state/state-frames.ts";
import { type BlobPlace, putBlob } from "./put-blob.ts";

/** The blobs one run stores. */
export interface Uploads {
  /**
   * Compresses the bytes, encrypts them where there is a sealer, and starts to store them; waits only while too many are
   * on their way.
   */
  add(kind: Exclude<BlobKind, "state">, raw: Buffer, call: Call, sealer?: Sealer): Promise<BlobRef>;
  /** The same of a state. */
  addState(state: OpenState, call: Call): Promise<BlobRef>;
  /** The same of bytes that are compressed already. */
  addFrame(kind: BlobKind, frame: Buffer, call: Call): Promise<BlobRef>;
  /** Waits until all are stored. @throws what the first failed upload threw */
  settle(): Promise<void>;
  /** True when this run itself put the blob where none was: then nobody can have removed it as unnamed since long ago. */
  stored(key: string): boolean;
}

/** Where uploads go. */
export interface UploadPlace extends BlobPlace {
  /** How many blobs are on their way, and so in memory, at once. */
  readonly limit: number;
  /** Gets the states that are added. */
  readonly frames?: StateFrames | undefined;
  /** Told of each blob that was there and written again all the same. */
  readonly onWrittenAgain: () => void;
}

/** Starts with nothing stored. */
export function createUploads(place: UploadPlace): Uploads {
  const inFlight = createInFlight(place.limit);
  const started = new Set<string>();
  const stored = new Set<string>();
  async function put(key: string, bytes: Buffer, call: Call): Promise<void> {
    const outcome = await putBlob(place, key, bytes, call);
    if (outcome === "stored") stored.add(key);
    if (outcome === "written-again") place.onWrittenAgain();
  }
  async function start(kind: BlobKind, bytes: Buffer, sealed: boolean, call: Call): Promise<BlobRef> {
    const sha256 = sha256Hex(bytes);
    const key = blobKey(kind, sha256, sealed);
    if (kind === "state") place.frames?.keep(sha256, bytes);
    if (!started.has(key)) {
      started.add(key);
      await inFlight.start(() => put(key, bytes, call));
    }
    return { sha256, sizeBytes: bytes.length };
  }
  return {
    async add(kind, raw, call, sealer) {
      const frame = await compressFrame(raw);
      return start(kind, sealer === undefined ? frame : await sealer.seal(frame), sealer !== undefined, call);
    },
    async addState(state, call) {
      const frame = await compressFrame(stateBytes(state.objects));
      const blob = await start("state", frame, false, call);
      place.frames?.keepOpen(blob.sha256, state);
      return blob;
    },
    addFrame: (kind, frame, call) => start(kind, frame, false, call),
    async settle() {
      await inFlight.settle();
      inFlight.throwIfFailed();
    },
    stored: (key) => stored.has(key),
  };
}
