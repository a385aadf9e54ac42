import { equalJson } from "@kubeferry/clean";
import { isJsonObject, type JsonArray, type JsonObject, type JsonValue, pointerStep } from "@kubeferry/model";
import { type Alignment, alignLists } from "./align-lists.ts";

/** One operation of a JSON patch (RFC 6902), as a file holds it. */
export interface Operation extends JsonObject {
  readonly op: "test" | "add" | "replace" | "remove";
  /** A JSON Pointer. */
  readonly path: string;
}

/**
 * The JSON patch that makes `wanted` out of `base`: it replaces the smallest value that encloses a change, after a test
 * that what it replaces or removes is what it was made for, so that a patch never hits something else in silence. Elements
 * of lists come and go one by one where that is shorter than the list anew.
 * @returns undefined where a test would have to hold a null inside a map or list: kustomize 5.8.1 crashes on some
 */
export function makeOperations(base: JsonObject, wanted: JsonObject): Operation[] | undefined {
  const operations = [...changedMap(base, wanted, "")];
  return operations.some(isCrashing) ? undefined : operations;
}

function isCrashing({ op, value = null }: Operation): boolean {
  return op === "test" && value !== null && holdsNull(value);
}

function holdsNull(value: JsonValue): boolean {
  if (Array.isArray(value)) return value.some(holdsNull);
  return isJsonObject(value) ? Object.values(value).some(holdsNull) : value === null;
}

function* changedMap(base: JsonObject, wanted: JsonObject, path: string): Generator<Operation> {
  for (const key of [...new Set([...Object.keys(base), ...Object.keys(wanted)])].sort()) {
    const before = Object.hasOwn(base, key) ? base[key] : undefined;
    const after = Object.hasOwn(wanted, key) ? wanted[key] : undefined;
    const inner = `${path}${pointerStep(key)}`;
    if (before === undefined && after !== undefined) yield { op: "add", path: inner, value: after };
    else if (before !== undefined && after === undefined) yield* removed(before, inner);
    else if (before !== undefined && after !== undefined) yield* changed(before, after, inner);
  }
}

// kustomize keeps notes of its own among the annotations while it builds: only their keys may go, not the whole map.
function* removed(before: JsonValue, path: string): Generator<Operation> {
  if (path === "/metadata/annotations" && isJsonObject(before)) return yield* changedMap(before, {}, path);
  yield { op: "test", path, value: before };
  yield { op: "remove", path };
}

function* changed(before: JsonValue, after: JsonValue, path: string): Generator<Operation> {
  if (equalJson(before, after)) return;
  if (isJsonObject(before) && isJsonObject(after)) return yield* changedMap(before, after, path);
  if (Array.isArray(before) && Array.isArray(after)) return yield* changedList(before, after, path);
  yield* replaced(before, after, path);
}

function* replaced(before: JsonValue, after: JsonValue, path: string): Generator<Operation> {
  yield { op: "test", path, value: before };
  yield { op: "replace", path, value: after };
}

/** The shortest of several ways to say it, in lines of YAML. */
function changedList(before: JsonArray, after: JsonArray, path: string): readonly Operation[] {
  const anew = [...replaced(before, after, path)];
  const ways = alignLists(before, after).map((alignment) => [...edited(before, after, alignment, path)]);
  return ways.reduce((best, way) => (costOf(way) < costOf(best) ? way : best), anew);
}

function costOf(operations: readonly Operation[]): number {
  return operations.some(isCrashing) ? Number.POSITIVE_INFINITY : linesOf([...operations]);
}

/** How many lines of YAML a value has, but for texts that are folded: writing it takes a hundred times as long. */
function linesOf(value: JsonValue): number {
  if (typeof value === "string") return value.trimEnd().split("\n").length;
  if (Array.isArray(value))
    return Math.max(
      1,
      value.reduce<number>((sum, each) => sum + linesOf(each), 0),
    );
  if (!isJsonObject(value)) return 1;
  const lines = Object.values(value).map((each) => linesOf(each) + (isBlock(each) ? 1 : 0));
  return Math.max(
    1,
    lines.reduce((sum, each) => sum + each, 0),
  );
}

/** Whether a value stands below its key. */
function isBlock(value: JsonValue): boolean {
  return Array.isArray(value) ? value.length > 0 : isJsonObject(value) && Object.keys(value).length > 0;
}

/** Takes elements out, puts others in and changes those that stay, from the first to the last. */
function* edited(before: JsonArray, after: JsonArray, alignment: Alignment, path: string): Generator<Operation> {
  const done = { before: 0, after: 0 };
  let length = before.length;
  for (const [stays, as] of [...alignment, [before.length, after.length] as const]) {
    for (const element of before.slice(done.before, stays)) {
      yield* removed(element, `${path}/${done.after}`);
      length--;
    }
    for (const [index, element] of after.slice(done.after, as).entries()) {
      const place = done.after + index;
      yield { op: "add", path: `${path}/${place === length ? "-" : place}`, value: element };
      length++;
    }
    if (stays < before.length) yield* changed(before[stays] ?? null, after[as] ?? null, `${path}/${as}`);
    done.before = stays + 1;
    done.after = as + 1;
  }
}
