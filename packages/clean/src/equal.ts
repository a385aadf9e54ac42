import { isJsonObject, type JsonValue } from "@kubeferry/model";
import { type Path, toPointer } from "./path.ts";
import { sortedKeys } from "./yaml/keys.ts";

/** Where two values differ. */
export interface Difference {
  /** JSON Pointer: "/spec/ports/0/port", "" for the whole. */
  readonly path: string;
  /** undefined where that side has no such key or element. */
  readonly left: JsonValue | undefined;
  readonly right: JsonValue | undefined;
}

interface Pair {
  readonly left: JsonValue | undefined;
  readonly right: JsonValue | undefined;
  readonly trail: Trail | undefined;
}

/** The way to a pair, last step first: pairs share the beginning of their way instead of copying it. */
interface Trail {
  readonly step: string | number;
  readonly up: Trail | undefined;
}

/**
 * True when two values are the same JSON: the order of keys does not count, that of lists does, numbers are compared
 * by value and without rounding (5n equals 5, 9007199254740993n does not equal 9007199254740992).
 */
export function equalJson(left: JsonValue, right: JsonValue): boolean {
  return firstDifference(left, right) === undefined;
}

/** The first place, in the order of keys and elements, where two values are not `equalJson`. */
export function firstDifference(left: JsonValue, right: JsonValue): Difference | undefined {
  const pending: Pair[] = [{ left, right, trail: undefined }];
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    if (pair.left === pair.right) continue;
    const inner = innerPairs(pair);
    if (inner === undefined) return { path: toPointer(pathOf(pair.trail)), left: pair.left, right: pair.right };
    for (const next of inner.reverse()) pending.push(next);
  }
  return undefined;
}

/** What must be equal for the pair to be; undefined when it never is. */
function innerPairs({ left, right, trail: up }: Pair): Pair[] | undefined {
  if (Array.isArray(left)) {
    if (!Array.isArray(right)) return undefined;
    const length = Math.max(left.length, right.length);
    return Array.from({ length }, (_, index) => ({
      left: left[index],
      right: right[index],
      trail: { step: index, up },
    }));
  }
  if (isJsonObject(left)) {
    if (!isJsonObject(right)) return undefined;
    return sortedKeys({ ...left, ...right }).map((key) => ({
      left: Object.hasOwn(left, key) ? left[key] : undefined,
      right: Object.hasOwn(right, key) ? right[key] : undefined,
      trail: { step: key, up },
    }));
  }
  return sameNumber(left, right) ? [] : undefined;
}

function pathOf(trail: Trail | undefined): Path {
  const path: (string | number)[] = [];
  for (let at = trail; at !== undefined; at = at.up) path.push(at.step);
  return path.reverse();
}

// Neither side is rounded: a double that is integral is made a bigint, not the bigint a double.
function sameNumber(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  if (typeof left === "number" && typeof right === "bigint") return sameNumber(right, left);
  return typeof left === "bigint" && typeof right === "number" && Number.isInteger(right) && BigInt(right) === left;
}
