import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";
import { type Problem, pointerOf } from "./problem.ts";

/** What an object may measure. Above `warn` it is worth a look, above `most` it stays out of Git. */
export interface Limits {
  readonly sizeBytes: Measure;
  /** Maps and lists around a value, the object itself included. */
  readonly nesting: Measure;
  /** Characters (UTF-16 units) of one text. */
  readonly textLength: Measure;
}

interface Measure {
  readonly warn: number;
  readonly most: number;
}

const SIZE: Measure = { warn: Number.POSITIVE_INFINITY, most: 50_000_000 };

/**
 * The limits of each preset. The definitions of well-known projects are 23 to 35 levels deep and hold texts of tens of
 * thousands of characters; 1.5 MB is all that etcd takes.
 */
export const LIMITS: Readonly<Record<"default" | "strict", Limits>> = {
  default: {
    sizeBytes: SIZE,
    nesting: { warn: 20, most: 100 },
    textLength: { warn: 10_000, most: 1_500_000 },
  },
  strict: {
    sizeBytes: SIZE,
    nesting: { warn: 20, most: 20 },
    textLength: { warn: 10_000, most: 10_000 },
  },
};

/**
 * Measures an object: at most one problem for each limit, with the place that is furthest above it.
 * @param sizeBytes of its file
 */
export function checkLimits(object: JsonObject, sizeBytes: number, limits: Limits): readonly Problem[] {
  const { most } = limits.sizeBytes;
  if (sizeBytes > most) {
    return [
      { severity: "error", rule: "object-size", message: `its file has ${sizeBytes} bytes, at most ${most} may be` },
    ];
  }
  if (isWithin(object, 1, limits)) return [];
  const places: Places = { deepest: { size: 0, path: [] }, longest: { size: 0, path: [] } };
  measure(object, [], limits.nesting.most, places);
  return [
    ...exceeded("nesting", places.deepest, limits.nesting, "levels deep"),
    ...exceeded("text-length", places.longest, limits.textLength, "characters long"),
  ];
}

/** Whether nothing is worth a word; nearly every object is measured by this alone, which keeps no paths. */
function isWithin(value: JsonValue, depth: number, limits: Limits): boolean {
  if (typeof value === "string") return value.length <= limits.textLength.warn;
  if (typeof value !== "object" || value === null) return true;
  if (depth > limits.nesting.warn) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (!isWithin(item, depth + 1, limits)) return false;
    return true;
  }
  for (const key of Object.keys(value)) if (!isWithin(value[key] as JsonValue, depth + 1, limits)) return false;
  return true;
}

interface Place {
  readonly size: number;
  readonly path: readonly (string | number)[];
}

interface Places {
  deepest: Place;
  longest: Place;
}

/** Goes one level deeper than may be, and no further: what a stranger wrote must not exhaust the stack. */
function measure(value: JsonValue, path: (string | number)[], most: number, places: Places): void {
  if (typeof value === "string") {
    if (value.length > places.longest.size) places.longest = { size: value.length, path: [...path] };
    return;
  }
  if (typeof value !== "object" || value === null) return;
  const depth = path.length + 1;
  if (depth > places.deepest.size) places.deepest = { size: depth, path: [...path] };
  if (depth > most) return;
  for (const [key, item] of entriesOf(value)) {
    path.push(key);
    measure(item, path, most, places);
    path.pop();
  }
}

function entriesOf(value: JsonValue): Iterable<readonly [string | number, JsonValue]> {
  if (Array.isArray(value)) return value.entries();
  return isJsonObject(value) ? Object.entries(value) : [];
}

function* exceeded(rule: string, { size, path }: Place, { warn, most }: Measure, unit: string): Generator<Problem> {
  if (size <= warn) return;
  const field = pointerOf(path);
  if (size <= most) yield { severity: "warning", rule, field, message: `${size} ${unit}, above ${warn}` };
  // Nothing deeper was looked at, so the size of what is too deep is not known.
  else if (rule === "nesting") yield { severity: "error", rule, field, message: `more than ${most} ${unit}` };
  else yield { severity: "error", rule, field, message: `${size} ${unit}, at most ${most} may be` };
}
