import { Buffer, isUtf8 } from "node:buffer";
import { KubeError } from "../kube-error.ts";
import { CollectedBytes } from "./collected-bytes.ts";
import {
  BACKSLASH,
  byteClass,
  CLOSE,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON_BYTE,
  COMMA,
  COMMA_BYTE,
  closingOf,
  FOREIGN,
  OPEN,
  OPEN_BRACE,
  OPEN_BRACKET,
  ORDINARY,
  QUOTE,
  QUOTE_BYTE,
  SPACE,
} from "./json-bytes.ts";
import { compactValueEnd, isCompactJson } from "./json-check.ts";
import { type ListHead, ListHeadReader } from "./list-head.ts";

/** Cuts the body of a LIST into its items while it arrives, holding one unfinished item. */
export interface ListSplitter {
  /**
   * Takes the next bytes of the body, in order.
   * @returns the items that ended in them: their bytes without the white space outside strings, in buffers of their own.
   * @throws KubeError "invalid" for what is no JSON list, or an item above the limit
   */
  push(chunk: Uint8Array): Buffer[];
  /** What is known of the head so far: custom resources have it behind the items. */
  head(): ListHead;
  /** @throws KubeError "unavailable" when the body ended before the list did, "invalid" when it was no list */
  end(): ListHead;
}

/** Limits and words of one splitter. */
export interface SplitterOptions {
  /** For messages: "list configmaps". */
  readonly operation: string;
  /** An item, or the list's own metadata, above this is refused, so that no answer can fill the memory. */
  readonly maxItemBytes: number;
}

/**
 * Makes the splitter of one answer. What surrounds the items it follows by strings and brackets only, where a mistake
 * harms nothing; each item is held against the whole grammar before it is given out.
 */
export function createListSplitter(options: SplitterOptions): ListSplitter {
  return new Splitter(options);
}

// Where in the list the next byte stands. Plain numbers, because they are compared once a byte.
const START = 0;
const KEY_OR_END = 1;
const KEY = 2;
const IN_KEY = 3;
const AFTER_KEY = 4;
const VALUE = 5;
const IN_VALUE = 6;
const ITEM_OR_END = 7;
const ITEM = 8;
const IN_ITEM = 9;
const AFTER_ITEMS = 10;
const DONE = 11;

class Splitter implements ListSplitter {
  readonly #options: SplitterOptions;
  readonly #head = new ListHeadReader();
  #phase = START;
  #key = "";
  #inString = false;
  /** The chunk before ended in a backslash inside a string. */
  #escaped = false;
  /** Closing brackets that are still due inside the value or item. */
  readonly #due: number[] = [];
  /** What came before the next byte was, white space aside, part of a number or a word; and whether there was any. */
  #afterScalar = false;
  #gap = false;
  readonly #bytes: CollectedBytes;

  constructor(options: SplitterOptions) {
    this.#options = options;
    const { maxItemBytes } = options;
    const problem = `an object is larger than ${maxItemBytes} bytes`;
    this.#bytes = new CollectedBytes(maxItemBytes, () => this.#error("invalid", problem));
  }

  push(chunk: Uint8Array): Buffer[] {
    const items: Buffer[] = [];
    for (let index = 0; index < chunk.length; ) {
      const phase = this.#phase;
      const inside = phase === IN_ITEM || phase === IN_VALUE || phase === IN_KEY;
      const atItem = phase === ITEM || phase === ITEM_OR_END;
      const behind = atItem ? this.#wholeItem(chunk, index, items) : index;
      if (behind !== index) index = behind;
      else index = inside ? this.#inside(chunk, index, items) : this.#between(chunk, index);
    }
    this.#bytes.endChunk(chunk);
    return items;
  }

  head(): ListHead {
    return this.#head.head();
  }

  end(): ListHead {
    if (this.#phase !== DONE) throw this.#error("unavailable", "the answer ended before the list did");
    if (!this.#head.sawItems) throw this.#error("invalid", "the answer is no list");
    return this.head();
  }

  /**
   * Reads on inside a key, value or item; nearly all bytes pass here, so its state lives in locals.
   * @returns the index of the first byte not taken
   */
  #inside(chunk: Uint8Array, from: number, items: Buffer[]): number {
    const length = chunk.length;
    const due = this.#due;
    let inString = this.#inString;
    let index = this.#escaped ? from + 1 : from;
    while (index < length) {
      if (inString) {
        while (index < length && chunk[index] !== QUOTE_BYTE) index += chunk[index] === BACKSLASH ? 2 : 1;
        if (index >= length) break;
        inString = false;
        index++;
        if (this.#phase === IN_KEY) return this.#endKey(chunk, index);
        continue;
      }
      const byte = chunk[index] as number;
      const kind = byteClass[byte];
      if (kind === SPACE) {
        this.#bytes.skip(chunk, index++);
        this.#gap = this.#afterScalar;
        continue;
      }
      // Without the space between them, two numbers would become one.
      if (kind === ORDINARY && this.#gap) throw this.#malformed();
      this.#afterScalar = kind === ORDINARY;
      this.#gap = false;
      if (kind === QUOTE) inString = true;
      else if (kind === OPEN) due.push(closingOf(byte));
      else if ((kind === CLOSE || kind === COMMA) && due.length === 0) return this.#finish(chunk, index, items);
      else if (kind === FOREIGN || (kind === CLOSE && due.pop() !== byte)) throw this.#malformed();
      index++;
    }
    this.#inString = inString;
    // A backslash was the last byte: what it escapes is the first of the next chunk.
    this.#escaped = index > length;
    return length;
  }

  /**
   * Takes an item that lies in the chunk as a whole and has no white space outside strings, as nearly all do: it is
   * followed and held against the grammar in one pass. @returns the next index; the same for any other item
   */
  #wholeItem(chunk: Uint8Array, from: number, items: Buffer[]): number {
    if (chunk[from] !== OPEN_BRACE) return from;
    const end = compactValueEnd(chunk, from);
    const next = chunk[end];
    if (end - from > this.#options.maxItemBytes || (next !== COMMA_BYTE && next !== CLOSE_BRACKET)) return from;
    const item = chunk.subarray(from, end);
    if (!isUtf8(item)) return from;
    // Copied: a view would keep the whole chunk alive for as long as the item.
    items.push(Buffer.from(item));
    this.#phase = next === CLOSE_BRACKET ? AFTER_ITEMS : ITEM;
    return end + 1;
  }

  /** Takes one byte outside of keys, values and items. @returns the next index; the same where one of them begins. */
  #between(chunk: Uint8Array, index: number): number {
    const byte = chunk[index] as number;
    const kind = byteClass[byte];
    if (kind === SPACE) return index + 1;
    const phase = this.#phase;
    if (phase === START && byte === OPEN_BRACE) this.#phase = KEY_OR_END;
    else if (phase === KEY_OR_END && byte === CLOSE_BRACE) this.#phase = DONE;
    else if ((phase === KEY_OR_END || phase === KEY) && kind === QUOTE) return this.#begin(IN_KEY, index);
    else if (phase === AFTER_KEY && byte === COLON_BYTE) this.#phase = VALUE;
    else if (phase === VALUE && byte === OPEN_BRACKET && this.#key === "items") this.#openItems();
    else if (phase === VALUE && startsValue(kind)) return this.#begin(IN_VALUE, index);
    else if (phase === ITEM_OR_END && byte === CLOSE_BRACKET) this.#phase = AFTER_ITEMS;
    else if ((phase === ITEM_OR_END || phase === ITEM) && startsValue(kind)) return this.#begin(IN_ITEM, index);
    else if (phase === AFTER_ITEMS && byte === COMMA_BYTE) this.#phase = KEY;
    else if (phase === AFTER_ITEMS && byte === CLOSE_BRACE) this.#phase = DONE;
    else throw this.#malformed();
    return index + 1;
  }

  #begin(phase: number, index: number): number {
    this.#phase = phase;
    this.#bytes.begin(index, phase !== IN_VALUE || this.#head.wants(this.#key));
    return index;
  }

  #openItems(): void {
    if (!this.#head.openItems()) throw this.#malformed();
    this.#phase = ITEM_OR_END;
  }

  #endKey(chunk: Uint8Array, end: number): number {
    this.#settle();
    const key = this.#bytes.take(chunk, end);
    if (!isCompactJson(key)) throw this.#malformed();
    this.#key = String(JSON.parse(key.toString("utf8")));
    this.#phase = AFTER_KEY;
    return end;
  }

  /** Ends the value or item before a comma or bracket that belongs to what is around it. */
  #finish(chunk: Uint8Array, end: number, items: Buffer[]): number {
    this.#settle();
    const byte = chunk[end];
    if (this.#phase === IN_ITEM) {
      if (byte === CLOSE_BRACE) throw this.#malformed();
      const item = this.#bytes.take(chunk, end);
      if (!isCompactJson(item)) throw this.#malformed();
      items.push(item);
      this.#phase = byte === CLOSE_BRACKET ? AFTER_ITEMS : ITEM;
      return end + 1;
    }
    if (byte === CLOSE_BRACKET) throw this.#malformed();
    if (this.#bytes.active && !this.#head.take(this.#key, this.#bytes.take(chunk, end))) throw this.#malformed();
    this.#phase = byte === CLOSE_BRACE ? DONE : KEY;
    return end + 1;
  }

  /** A key, value or item has ended: no string is open. */
  #settle(): void {
    this.#inString = false;
    this.#escaped = false;
    this.#afterScalar = false;
    this.#gap = false;
  }

  #malformed(): KubeError {
    return this.#error("invalid", "the answer is no JSON list");
  }

  #error(kind: "invalid" | "unavailable", problem: string): KubeError {
    return new KubeError({ kind, who: "kube", operation: this.#options.operation, problem });
  }
}

function startsValue(kind: number | undefined): boolean {
  return kind === QUOTE || kind === OPEN || kind === ORDINARY;
}
