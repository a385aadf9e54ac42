import type { JsonValue } from "@kubeferry/model";

/** One step of a JSONPath. */
export type PathNode =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "wildcard" }
  | { readonly kind: "recursive" }
  | { readonly kind: "slice"; readonly slice: Slice }
  | { readonly kind: "union"; readonly paths: readonly Path[] }
  | { readonly kind: "filter"; readonly filter: Filter }
  | { readonly kind: "literal"; readonly value: JsonValue };

/** A JSONPath: its steps in order. */
export type Path = readonly PathNode[];

/** "[2]", "[-1]", "[1:3]", "[::2]"; a bound that is not written is undefined. */
export interface Slice {
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly step: number | undefined;
  /** One place, not a range: "[-1]" ends behind the last member. */
  readonly isIndex: boolean;
}

/** `[?(@.type=="Ready")]`; without an operator it asks whether the left side is there. */
export interface Filter {
  readonly left: Path;
  readonly operator: string | undefined;
  readonly right: Path;
}
