import type { Buffer } from "node:buffer";
import { inOwnMemory } from "../blob/own-memory.ts";

/**
 * States as they are stored, by their digest: those that a run read and wrote. It compares them again to count what
 * changed, and once more for the mirror, and need not ask the store for them each time.
 */
export interface StateFrames {
  /** Keeps a state while there is room; others are read again. */
  keep(sha256: string, frame: Buffer): void;
  get(sha256: string): Buffer | undefined;
  /** Lets go of all that is kept, and keeps nothing more. */
  close(): void;
}

/** Starts with nothing kept. @param maxBytes of memory; the state of 400 objects takes some 25 KiB */
export function createStateFrames(maxBytes: number): StateFrames {
  const frames = new Map<string, Buffer>();
  const room = { bytes: maxBytes };
  return {
    keep(sha256, frame) {
      if (frame.length > room.bytes || frames.has(sha256)) return;
      frames.set(sha256, inOwnMemory(frame));
      room.bytes -= frame.length;
    },
    get: (sha256) => frames.get(sha256),
    close() {
      frames.clear();
      room.bytes = 0;
    },
  };
}
