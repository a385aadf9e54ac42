import { equalJson } from "@kubeferry/clean";
import { isJsonObject, type JsonArray, type JsonObject, type JsonValue } from "@kubeferry/model";
import { isDisturbedByMerging } from "./merge-hazards.ts";
import { byKey, fieldOf, type MergeTree, mergeTreeOf } from "./merge-keys.ts";

/** What a strategic merge patch cannot say. */
const NOT_SAID = Symbol("no strategic merge patch says this");
type Said<Value> = Value | typeof NOT_SAID;

/**
 * The strategic merge patch that makes `wanted` out of `base`; undefined when none does. It changes maps and scalars,
 * takes keys away by null, and in a keyed list names every element in the order that is wanted, because kustomize puts
 * the elements that a patch names in front.
 * @param base and `wanted` name themselves alike
 */
export function makeMergePatch(base: JsonObject, wanted: JsonObject): JsonObject | undefined {
  if (isDisturbedByMerging(base) || isDisturbedByMerging(wanted)) return undefined;
  const changes = changedMap(base, wanted, mergeTreeOf(base), []);
  if (changes === NOT_SAID) return undefined;
  const { apiVersion = null, kind = null, metadata } = wanted;
  if (!isJsonObject(metadata)) return undefined;
  const { name = null, namespace } = metadata;
  const changed = isJsonObject(changes.metadata) ? changes.metadata : {};
  return {
    ...changes,
    apiVersion,
    kind,
    metadata: { ...changed, name, ...(namespace === undefined ? {} : { namespace }) },
  };
}

function changedMap(base: JsonObject, wanted: JsonObject, tree: MergeTree, path: readonly string[]): Said<JsonObject> {
  const changes: [string, JsonValue][] = [];
  for (const key of new Set([...Object.keys(base), ...Object.keys(wanted)])) {
    const before = Object.hasOwn(base, key) ? base[key] : undefined;
    const after = Object.hasOwn(wanted, key) ? wanted[key] : undefined;
    if (before !== undefined && after !== undefined && equalJson(before, after)) continue;
    const change = isDirective(key) ? NOT_SAID : changedField(before, after, fieldOf(tree, key), [...path, key]);
    if (change === NOT_SAID) return NOT_SAID;
    changes.push([key, change]);
  }
  return Object.fromEntries(changes);
}

/** kustomize reads "$patch" and its like as orders. */
function isDirective(key: string): boolean {
  return key.startsWith("$");
}

function changedField(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  tree: MergeTree,
  path: readonly string[],
): Said<JsonValue> {
  if (before === null || after === null) return NOT_SAID; // Null is the order to take a key away.
  if (before === undefined) return after !== undefined && canBeAdded(after, tree) ? after : NOT_SAID;
  if (after === undefined) return removal(before, path);
  if (isJsonObject(before) && isJsonObject(after)) return changedMap(before, after, tree, path);
  if (Array.isArray(before) && Array.isArray(after)) return changedList(before, after, tree, path);
  return isSameType(before, after) ? after : NOT_SAID;
}

// kustomize keeps a text a text: true in the place of "yes" would become "true".
function isSameType(before: JsonValue, after: JsonValue): boolean {
  const typeOf = (value: JsonValue) => (typeof value === "bigint" ? "number" : typeof value);
  return isScalar(before) && typeOf(before) === typeOf(after);
}

// kustomize keeps notes of its own among the annotations while it builds: only their keys may go, not the whole map.
function removal(before: JsonValue, path: readonly string[]): JsonValue {
  if (path.join("/") !== "metadata/annotations" || !isJsonObject(before)) return null;
  return Object.fromEntries(Object.keys(before).map((key) => [key, null]));
}

function changedList(
  before: JsonArray,
  after: JsonArray,
  { list }: MergeTree,
  path: readonly string[],
): Said<JsonValue> {
  if (list === undefined) return NOT_SAID;
  const known = byKey(before, list.key);
  const named = byKey(after, list.key);
  if (known === undefined || named === undefined) return NOT_SAID;
  if ([...known.keys()].some((name) => !named.has(name))) return NOT_SAID;
  const elements: JsonObject[] = [];
  for (const [name, element] of named) {
    const old = known.get(name);
    if (old === undefined && !canBeAdded(element, list.element)) return NOT_SAID;
    const change = old === undefined ? element : changedMap(old, element, list.element, path);
    if (change === NOT_SAID) return NOT_SAID;
    elements.push({ ...change, [list.key]: name });
  }
  return elements;
}

/** Whether kustomize puts a value where nothing is without changing it: lists of maps only where we know their keys. */
function canBeAdded(value: JsonValue, tree: MergeTree): boolean {
  if (isJsonObject(value)) {
    return Object.entries(value).every(([key, inner]) => !isDirective(key) && canBeAdded(inner, fieldOf(tree, key)));
  }
  if (!Array.isArray(value)) return value !== null;
  if (value.every(isScalar)) return true;
  const { list } = tree;
  if (list === undefined || byKey(value, list.key) === undefined) return false;
  return value.every((element) => canBeAdded(element, list.element));
}

function isScalar(value: JsonValue): boolean {
  return value !== null && typeof value !== "object";
}
