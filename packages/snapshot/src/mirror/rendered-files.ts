import type { Buffer } from "node:buffer";
import { type Packed, pack, unpack } from "../blob/compress.ts";
import { createGatherer } from "../blob/gathered-bytes.ts";

/** A file of the mirror, named by the SHA-256 that the state of its object keeps. */
export interface RenderedFile {
  readonly sha256: string;
  readonly file: Buffer;
}

/**
 * Files that were rendered for their digests while a snapshot was taken. Nobody may write them before it is committed;
 * kept until then, they need not be rendered a second time, nor their objects read back.
 */
export interface RenderedFiles {
  /** Begins with files that are rendered in one go, which are kept together. */
  gather(): RenderedBlock;
  /** The file with this digest, which is then let go; undefined when it is not kept. */
  take(sha256: string): Promise<Buffer | undefined>;
}

/** Files that are rendered in one go: some of a segment. */
export interface RenderedBlock {
  /** Takes a file; its bytes are copied. */
  add(file: RenderedFile): void;
  /** Ends the block: its files are kept while there is room; others are rendered again. */
  keep(): Promise<void>;
}

/** What a digest, its place and its entry weigh, about. */
const ENTRY_BYTES = 250;

/** Holds what is rendered in one go, as a rule. */
const BLOCK_BYTES = 512 * 1024;

interface Place {
  readonly block: Packed;
  readonly start: number;
  readonly end: number;
}

/**
 * Starts with nothing kept. Files lie compressed, what was rendered in one go in one frame; one such frame is open at a time, as
 * files are taken in the order in which they were kept.
 * @param maxBytes of memory, about; a first run over 10,000 objects of 3 kB takes 5 MiB
 */
export function createRenderedFiles(maxBytes: number): RenderedFiles {
  const places = new Map<string, Place>();
  const gatherer = createGatherer(BLOCK_BYTES);
  const state: { bytes: number; open?: { readonly block: Packed; readonly raw: Buffer } } = { bytes: 0 };
  return {
    gather() {
      const names: { readonly sha256: string; readonly start: number; readonly end: number }[] = [];
      const gathered = gatherer.begin();
      return {
        add({ sha256, file }) {
          if (state.bytes >= maxBytes) return;
          const start = gathered.length;
          gathered.add(file);
          names.push({ sha256, start, end: gathered.length });
        },
        async keep() {
          if (names.length === 0) return;
          const block = await pack(gathered.view(0, gathered.length));
          gathered.clear();
          state.bytes += block.frame.length + names.length * ENTRY_BYTES;
          for (const { sha256, start, end } of names) places.set(sha256, { block, start, end });
        },
      };
    },
    async take(sha256) {
      const place = places.get(sha256);
      if (place === undefined) return undefined;
      places.delete(sha256);
      const { block, start, end } = place;
      if (state.open?.block !== block) state.open = { block, raw: await unpack(block) };
      return state.open.raw.subarray(start, end);
    },
  };
}
