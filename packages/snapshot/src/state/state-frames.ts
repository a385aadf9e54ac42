import type { Buffer } from "node:buffer";
import { inOwnMemory } from "../blob/own-memory.ts";
import type { ObjectState } from "../snapshots.ts";

/**
 * States by their digest: those that a run read and wrote. It compares them again to count what changed, and once more
 * for the mirror, and need not ask the store for them each time, nor parse those that it keeps opened.
 */
export interface StateFrames {
  /** Keeps a state while there is room; others are read again. */
  keep(sha256: string, frame: Buffer): void;
  get(sha256: string): Buffer | undefined;
  /** Keeps a state opened while there is room. */
  keepOpen(sha256: string, state: OpenState): void;
  getOpen(sha256: string): OpenState | undefined;
  /** Lets go of all that is kept, and keeps nothing more. */
  close(): void;
}

/** A state that was checked against its own digest. */
export interface OpenState {
  readonly objects: readonly ObjectState[];
  /** As a segment keeps it. */
  readonly versions: string;
}

/** An opened object weighs some 300 bytes; what was written shares those that did not move with what was read. */
const MAX_OPEN_OBJECTS = 25_000;

/** Starts with nothing kept. @param maxBytes of memory, as stored; the state of 400 objects takes some 25 KiB */
export function createStateFrames(maxBytes: number): StateFrames {
  const frames = new Map<string, Buffer>();
  const open = new Map<string, OpenState>();
  const room = { bytes: maxBytes, objects: MAX_OPEN_OBJECTS };
  return {
    keep(sha256, frame) {
      if (frame.length > room.bytes || frames.has(sha256)) return;
      frames.set(sha256, inOwnMemory(frame));
      room.bytes -= frame.length;
    },
    get: (sha256) => frames.get(sha256),
    keepOpen(sha256, state) {
      // What is not kept as it is stored either is beyond all room.
      if (state.objects.length > room.objects || open.has(sha256) || !frames.has(sha256)) return;
      open.set(sha256, state);
      room.objects -= state.objects.length;
    },
    getOpen: (sha256) => open.get(sha256),
    close() {
      frames.clear();
      open.clear();
      room.bytes = 0;
    },
  };
}
