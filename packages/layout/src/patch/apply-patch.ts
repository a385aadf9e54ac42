import { equalJson } from "@kubeferry/clean";
import { isJsonObject, type JsonArray, type JsonObject, type JsonValue, keyOfStep } from "@kubeferry/model";
import { GitOpsError } from "../gitops-error.ts";
import type { Patch } from "./make-patch.ts";
import { byKey, fieldOf, type MergeTree, mergeTreeOf } from "./merge-keys.ts";

/**
 * What kustomize makes of an object with one of our patches; it knows exactly the two forms that `makePatch` makes.
 * Neither argument is changed.
 * @throws GitOpsError "damaged" when the patch is for something else: a test fails, or a path leads nowhere
 */
export function applyPatch(base: JsonObject, { content }: Pick<Patch, "content">): JsonObject {
  const patched = Array.isArray(content) ? operated(base, content) : merged(base, content, mergeTreeOf(base));
  const { metadata } = patched;
  if (!isJsonObject(metadata) || !isJsonObject(metadata.annotations)) return patched;
  if (Object.keys(metadata.annotations).length > 0) return patched;
  const { annotations: _, ...others } = metadata; // kustomize drops annotations that are empty.
  return { ...patched, metadata: others };
}

function merged(base: JsonObject, patch: JsonObject, tree: MergeTree): JsonObject {
  const fields = new Map(Object.entries(base));
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) fields.delete(key);
    else fields.set(key, mergedField(fields.get(key), change, fieldOf(tree, key)));
  }
  return Object.fromEntries(fields);
}

function mergedField(base: JsonValue | undefined, change: JsonValue, { fields, list }: MergeTree): JsonValue {
  if (isJsonObject(base) && isJsonObject(change)) return merged(base, change, { fields });
  if (list === undefined || !Array.isArray(base) || !Array.isArray(change)) return change;
  return mergedList(base, change, list);
}

/** The elements that the patch names come first, in its order. */
function mergedList(base: JsonArray, change: JsonArray, { key, element }: NonNullable<MergeTree["list"]>): JsonArray {
  const known = byKey(base, key);
  const named = byKey(change, key);
  if (known === undefined || named === undefined) throw notApplicable(`a list has elements without ${key}`);
  const first = [...named].map(([name, each]) => merged(known.get(name) ?? {}, each, element));
  const rest = [...known].filter(([name]) => !named.has(name)).map(([, each]) => each);
  return [...first, ...rest];
}

function operated(base: JsonObject, operations: JsonArray): JsonObject {
  let object: JsonValue | undefined = base;
  for (const operation of operations) {
    const { op, path, value = null } = isJsonObject(operation) ? operation : {};
    if (typeof path !== "string") throw notApplicable("an operation has no path");
    const keys = path.split("/").slice(1);
    const steps = keys.map(keyOfStep);
    object =
      op === "add"
        ? changedAt(object, steps.slice(0, -1), (holder) => withAdded(holder, steps.at(-1) ?? "", value))
        : changedAt(object, steps, (found) => operatedValue(found, op, value, path));
  }
  if (!isJsonObject(object)) throw notApplicable("it leaves no object");
  return object;
}

/** What an operation makes of the value it is for; undefined removes it. */
function operatedValue(
  found: JsonValue | undefined,
  op: JsonValue | undefined,
  value: JsonValue,
  path: string,
): JsonValue | undefined {
  if (found === undefined) throw notApplicable(`there is nothing at ${path}`);
  if (op === "test" && !equalJson(found, value)) throw notApplicable(`something else is at ${path}`);
  if (op === "test") return found;
  return op === "replace" ? value : undefined;
}

/** A copy of a value in which the one at the end of the steps is changed; undefined takes it out. */
function changedAt(
  value: JsonValue | undefined,
  [step, ...rest]: readonly string[],
  change: (found: JsonValue | undefined) => JsonValue | undefined,
): JsonValue | undefined {
  if (step === undefined) return change(value);
  if (Array.isArray(value)) return changedElement(value, step, rest, change);
  if (!isJsonObject(value)) throw notApplicable(`there is nothing above ${step}`);
  const fields = new Map<string, JsonValue>(Object.entries(value));
  const changed = changedAt(fields.get(step), rest, change);
  if (changed === undefined) fields.delete(step);
  else fields.set(step, changed);
  return Object.fromEntries(fields);
}

/** What is added to a list comes before the element that has its place; "-" is after the last one. */
function withAdded(holder: JsonValue | undefined, step: string, value: JsonValue): JsonValue {
  if (Array.isArray(holder)) return holder.toSpliced(placeIn(holder, step), 0, value);
  if (!isJsonObject(holder)) throw notApplicable(`there is nothing above ${step}`);
  return Object.fromEntries(new Map([...Object.entries(holder), [step, value]]));
}

function placeIn(list: JsonArray, step: string): number {
  const place = step === "-" ? list.length : Number(step);
  if (Number.isInteger(place) && place <= list.length) return place;
  throw notApplicable(`a list has no place ${step}`);
}

function changedElement(
  list: JsonArray,
  step: string,
  rest: readonly string[],
  change: (found: JsonValue | undefined) => JsonValue | undefined,
): JsonArray {
  const place = placeIn(list, step);
  const changed = changedAt(list[place], rest, change);
  return changed === undefined ? list.toSpliced(place, 1) : list.toSpliced(place, 1, changed);
}

function notApplicable(problem: string): GitOpsError {
  return new GitOpsError({
    kind: "damaged",
    who: "gitops",
    operation: "apply a patch of an overlay",
    problem,
    next: "restore the folder to what a run last wrote, or remove it from the base branch so that it is made anew",
  });
}
