import { Buffer } from "node:buffer";

const NO_MEMORY: Buffer = Buffer.alloc(0);

/**
 * Memory for bytes that are gathered, which serves again and again: V8 frees what outlived its first milliseconds only
 * when it collects everything, and until then megabytes of each segment would lie there. As much as was ever in use at
 * one time stays until nobody holds this any more.
 */
export interface Gatherer {
  /** Starts with no bytes, and takes no memory before there are some. */
  begin(): GatheredBytes;
}

/** Bytes one behind the other. */
export interface GatheredBytes {
  readonly length: number;
  /** Copies bytes behind those that are there. */
  add(bytes: Uint8Array): void;
  /** Writes a text behind them, each character as the byte of its code: none may be above U+00FF. */
  addLatin1(text: string): void;
  /** What lies between two places. It holds until something is added, and no longer than until `clear`. */
  view(start: number, end: number): Buffer;
  /** Forgets the bytes: whoever gathers next writes over them. */
  clear(): void;
}

/**
 * Starts without memory.
 * @param roomBytes taken at once, as memory that nobody wrote to costs nothing, and growing would leave what was outgrown
 * lying about. More is taken where it has to be, and let go again.
 */
export function createGatherer(roomBytes: number): Gatherer {
  const spare: Buffer[] = [];
  return {
    begin() {
      let memory: Buffer = NO_MEMORY;
      let length = 0;
      function makeRoom(more: number): void {
        if (memory.length === 0) memory = spare.pop() ?? Buffer.allocUnsafeSlow(roomBytes);
        memory = withRoom(memory, length, more);
      }
      return {
        get length() {
          return length;
        },
        add(bytes) {
          makeRoom(bytes.length);
          memory.set(bytes, length);
          length += bytes.length;
        },
        addLatin1(text) {
          makeRoom(text.length);
          length += memory.write(text, length, "latin1");
        },
        view: (start, end) => memory.subarray(start, end),
        clear() {
          if (memory.length === roomBytes) spare.push(memory);
          memory = NO_MEMORY;
          length = 0;
        },
      };
    },
  };
}

/** The memory itself, or a larger one with what it holds. */
function withRoom(memory: Buffer, held: number, more: number): Buffer {
  if (held + more <= memory.length) return memory;
  let size = memory.length;
  while (size < held + more) size *= 2;
  const larger = Buffer.allocUnsafeSlow(size);
  memory.copy(larger, 0, 0, held);
  return larger;
}
