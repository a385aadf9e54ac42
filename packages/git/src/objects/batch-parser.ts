import { Buffer } from "node:buffer";

/** What is told while the answers of `git cat-file --batch` go by. */
export interface BatchEvents {
  /** A piece of the content that is being read. */
  onBytes(bytes: Buffer): void;
  /** The content is complete. */
  onEnd(): void;
  /** There is no such object: "<id> missing". */
  onMissing(line: string): void;
}

/** Takes answers apart in whatever pieces they come. */
export interface BatchParser {
  push(chunk: Buffer): void;
}

const LINE_FEED = 0x0a;

/** @see git-cat-file(1), BATCH OUTPUT: "<id> SP <type> SP <size> LF <contents> LF", or "<id> SP missing LF" */
export function createBatchParser(events: BatchEvents): BatchParser {
  // Bytes of the content that are still to come, its line feed not counted; undefined within a header.
  const state: { header: Buffer; left: number | undefined } = { header: Buffer.alloc(0), left: undefined };

  /** @returns how many bytes were taken */
  function takeHeader(chunk: Buffer): number {
    const end = chunk.indexOf(LINE_FEED);
    state.header = Buffer.concat([state.header, end === -1 ? chunk : chunk.subarray(0, end)]);
    if (end === -1) return chunk.byteLength;
    const line = state.header.toString("latin1");
    state.header = Buffer.alloc(0);
    const [, size] = /^[0-9a-f]+ \w+ (\d+)$/.exec(line) ?? [];
    if (size === undefined) events.onMissing(line);
    else state.left = Number(size);
    return end + 1;
  }

  function takeContent(chunk: Buffer, left: number): number {
    if (left === 0) {
      state.left = undefined;
      events.onEnd();
      return 1; // the line feed
    }
    const bytes = chunk.subarray(0, left);
    state.left = left - bytes.byteLength;
    events.onBytes(bytes);
    return bytes.byteLength;
  }

  return {
    push(chunk) {
      for (let rest = chunk; rest.byteLength > 0; ) {
        rest = rest.subarray(state.left === undefined ? takeHeader(rest) : takeContent(rest, state.left));
      }
    },
  };
}
