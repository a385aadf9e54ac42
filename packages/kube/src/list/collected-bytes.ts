import { Buffer } from "node:buffer";

/** Gathers the bytes of one key, value or item out of the chunks it is spread over. */
export class CollectedBytes {
  readonly #maxBytes: number;
  readonly #tooLarge: () => Error;
  #active = false;
  #parts: Uint8Array[] = [];
  #size = 0;
  /** Where in the current chunk the bytes begin that belong to it and are not gathered yet. */
  #from = 0;

  /** @param tooLarge what to throw once there are more than `maxBytes` */
  constructor(maxBytes: number, tooLarge: () => Error) {
    this.#maxBytes = maxBytes;
    this.#tooLarge = tooLarge;
  }

  /** True between `begin` and `take`, unless what began is passed over. */
  get active(): boolean {
    return this.#active;
  }

  /** A value begins at this index of the chunk; `wanted` false: it is passed over. */
  begin(index: number, wanted: boolean): void {
    this.#active = wanted;
    this.#from = index;
  }

  /** Leaves out the byte at this index. */
  skip(chunk: Uint8Array, index: number): void {
    this.#keep(chunk, index);
    this.#from = index + 1;
  }

  /** The chunk has ended, and the value goes on in the next one. */
  endChunk(chunk: Uint8Array): void {
    this.#keep(chunk, chunk.length);
    this.#from = 0;
  }

  /** The value ends before this index. @returns its bytes, in a buffer of their own */
  take(chunk: Uint8Array, end: number): Buffer {
    this.#keep(chunk, end);
    // Copied even when it is one part: a view would keep the whole chunk alive for as long as the item.
    const taken = Buffer.concat(this.#parts, this.#size);
    this.#parts = [];
    this.#size = 0;
    this.#active = false;
    return taken;
  }

  #keep(chunk: Uint8Array, end: number): void {
    if (!this.#active || end <= this.#from) return;
    this.#size += end - this.#from;
    if (this.#size > this.#maxBytes) throw this.#tooLarge();
    this.#parts.push(chunk.subarray(this.#from, end));
  }
}
