import type { Buffer } from "node:buffer";

/** What a list says about itself, beside its items. */
export interface ListHead {
  readonly kind: string;
  readonly apiVersion: string;
  /** The revision the page stands for; "" when the server keeps none. */
  readonly resourceVersion: string;
  /** Opaque token of the next page; "" on the last one. */
  readonly continueToken: string;
}

/** Top-level values that are kept; others are passed over. "items" as anything but an array must be null. */
const KEPT: ReadonlySet<string> = new Set(["kind", "apiVersion", "metadata", "items"]);

/** Puts a list's head together from its top-level values as they come. */
export class ListHeadReader {
  readonly #values = new Map<string, unknown>();
  #sawItems = false;

  /** Whether the list had items at all, be they none. */
  get sawItems(): boolean {
    return this.#sawItems;
  }

  /** False for values that need not be gathered. */
  wants(key: string): boolean {
    return KEPT.has(key);
  }

  /** The array of items begins. @returns false when there was one before */
  openItems(): boolean {
    const first = !this.#sawItems;
    this.#sawItems = true;
    return first;
  }

  /** Takes a value that is not the array of items. @returns false for what cannot stand there */
  take(key: string, bytes: Buffer): boolean {
    const value = parsed(bytes);
    if (value === undefined) return false;
    if (key !== "items") {
      this.#values.set(key, value);
      return true;
    }
    // Go writes a nil slice as null: a list without items.
    return value === null && this.openItems();
  }

  /** What is known so far: custom resources have it behind the items. Absent texts are "". */
  head(): ListHead {
    const metadata = (this.#values.get("metadata") ?? {}) as Record<string, unknown>;
    return {
      kind: textOf(this.#values.get("kind")),
      apiVersion: textOf(this.#values.get("apiVersion")),
      resourceVersion: textOf(metadata.resourceVersion),
      continueToken: textOf(metadata.continue),
    };
  }
}

/** @returns undefined when the bytes are no JSON, which has no such value */
function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
