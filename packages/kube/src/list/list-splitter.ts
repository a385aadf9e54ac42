import { Buffer } from "node:buffer";
import { KubeError } from "../kube-error.ts";
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

/** What a list says about itself, beside its items. */
export interface ListHead {
  /** "ConfigMapList"; "" when the answer has none. */
  readonly kind: string;
  readonly apiVersion: string;
  /** The revision the page stands for; "" when the server keeps none. */
  readonly resourceVersion: string;
  /** Opaque token of the next page; "" on the last one. */
  readonly continueToken: string;
}

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
 * Makes the splitter of one answer. It follows strings and brackets, not the whole grammar: bytes that cannot be JSON
 * and brackets that do not match are refused, a misspelt `true` is not noticed.
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

/** Top-level values that are kept; others are passed over. "items" as anything but an array must be null. */
const keptKeys: ReadonlySet<string> = new Set(["kind", "apiVersion", "metadata", "items"]);

class Splitter implements ListSplitter {
  readonly #options: SplitterOptions;
  readonly #head = new Map<string, unknown>();
  #phase = START;
  #key = "";
  #sawItems = false;
  #inString = false;
  /** The chunk before ended in a backslash inside a string. */
  #escaped = false;
  /** Closing brackets that are still due inside the value or item. */
  readonly #due: number[] = [];
  #collecting = false;
  #parts: Uint8Array[] = [];
  #partBytes = 0;
  /** Where in the current chunk the bytes begin that are collected but not kept yet. */
  #from = 0;

  constructor(options: SplitterOptions) {
    this.#options = options;
  }

  push(chunk: Uint8Array): Buffer[] {
    const items: Buffer[] = [];
    this.#from = 0;
    for (let index = 0; index < chunk.length; ) {
      const phase = this.#phase;
      const inside = phase === IN_ITEM || phase === IN_VALUE || phase === IN_KEY;
      index = inside ? this.#inside(chunk, index, items) : this.#between(chunk, index);
    }
    if (this.#collecting) this.#keep(chunk, chunk.length);
    return items;
  }

  head(): ListHead {
    const metadata = (this.#head.get("metadata") ?? {}) as Record<string, unknown>;
    return {
      kind: textOf(this.#head.get("kind")),
      apiVersion: textOf(this.#head.get("apiVersion")),
      resourceVersion: textOf(metadata.resourceVersion),
      continueToken: textOf(metadata.continue),
    };
  }

  end(): ListHead {
    if (this.#phase !== DONE) throw this.#error("unavailable", "the answer ended before the list did");
    if (!this.#sawItems) throw this.#error("invalid", "the answer is no list");
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
      if (kind === QUOTE) inString = true;
      else if (kind === OPEN) due.push(closingOf(byte));
      else if (kind === SPACE) this.#skipSpace(chunk, index);
      else if ((kind === CLOSE || kind === COMMA) && due.length === 0) return this.#finish(chunk, index, items);
      else if (kind === FOREIGN || (kind === CLOSE && due.pop() !== byte)) throw this.#malformed();
      index++;
    }
    this.#inString = inString;
    // A backslash was the last byte: what it escapes is the first of the next chunk.
    this.#escaped = index > length;
    return length;
  }

  #skipSpace(chunk: Uint8Array, index: number): void {
    if (this.#collecting) this.#keep(chunk, index);
    this.#from = index + 1;
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
    this.#collecting = phase !== IN_VALUE || keptKeys.has(this.#key);
    this.#from = index;
    return index;
  }

  #openItems(): void {
    if (this.#sawItems) throw this.#malformed();
    this.#sawItems = true;
    this.#phase = ITEM_OR_END;
  }

  #endKey(chunk: Uint8Array, end: number): number {
    this.#settle();
    this.#key = String(this.#parse(this.#take(chunk, end)));
    this.#phase = AFTER_KEY;
    return end;
  }

  /** Ends the value or item before a comma or bracket that belongs to what is around it. */
  #finish(chunk: Uint8Array, end: number, items: Buffer[]): number {
    this.#settle();
    const byte = chunk[end];
    if (this.#phase === IN_ITEM) {
      if (byte === CLOSE_BRACE) throw this.#malformed();
      items.push(this.#take(chunk, end));
      this.#phase = byte === CLOSE_BRACKET ? AFTER_ITEMS : ITEM;
      return end + 1;
    }
    if (byte === CLOSE_BRACKET) throw this.#malformed();
    if (this.#collecting) this.#setHead(this.#parse(this.#take(chunk, end)));
    this.#phase = byte === CLOSE_BRACE ? DONE : KEY;
    return end + 1;
  }

  /** A key, value or item has ended: no string is open. */
  #settle(): void {
    this.#inString = false;
    this.#escaped = false;
  }

  #setHead(value: unknown): void {
    if (this.#key !== "items") {
      this.#head.set(this.#key, value);
      return;
    }
    // Go writes a nil slice as null: a list without items.
    if (value !== null) throw this.#malformed();
    this.#sawItems = true;
  }

  #keep(chunk: Uint8Array, end: number): void {
    if (end <= this.#from) return;
    this.#partBytes += end - this.#from;
    if (this.#partBytes > this.#options.maxItemBytes) {
      throw this.#error("invalid", `an object is larger than ${this.#options.maxItemBytes} bytes`);
    }
    this.#parts.push(chunk.subarray(this.#from, end));
  }

  #take(chunk: Uint8Array, end: number): Buffer {
    this.#keep(chunk, end);
    // Copied even when it is one part: a view would keep the whole chunk alive for as long as the item.
    const taken = Buffer.concat(this.#parts, this.#partBytes);
    this.#parts = [];
    this.#partBytes = 0;
    this.#collecting = false;
    return taken;
  }

  #parse(bytes: Buffer): unknown {
    try {
      return JSON.parse(bytes.toString("utf8"));
    } catch {
      throw this.#malformed();
    }
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

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
