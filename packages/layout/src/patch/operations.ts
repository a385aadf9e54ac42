import { equalJson } from "@kubeferry/clean";
import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";
import { pointerStep } from "../json-pointer.ts";

/** One operation of a JSON patch (RFC 6902), as a file holds it. */
export interface Operation extends JsonObject {
  readonly op: "test" | "add" | "replace" | "remove";
  /** A JSON Pointer. */
  readonly path: string;
}

/**
 * The JSON patch that makes `wanted` out of `base`: it replaces the smallest value that encloses a change, after a test
 * that what it replaces or removes is what it was made for, so that a patch never hits something else in silence.
 * @returns undefined where a test would have to hold a null inside a map or list: kustomize 5.8.1 crashes on some
 */
export function makeOperations(base: JsonObject, wanted: JsonObject): Operation[] | undefined {
  const operations = [...changedMap(base, wanted, "")];
  return operations.every(({ op, value = null }) => op !== "test" || value === null || !holdsNull(value))
    ? operations
    : undefined;
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
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    for (const [index, element] of before.entries()) yield* changed(element, after[index] ?? null, `${path}/${index}`);
    return;
  }
  yield { op: "test", path, value: before };
  yield { op: "replace", path, value: after };
}
