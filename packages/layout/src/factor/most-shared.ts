import { emitYaml } from "@kubeferry/clean";
import { isJsonObject, type JsonArray, type JsonObject, type JsonValue } from "@kubeferry/model";
import { byKey, fieldOf, type MergeTree, mergeTreeOf } from "../patch/merge-keys.ts";

/** What an object has in a place; undefined where it has nothing. */
type Held = JsonValue | undefined;

/**
 * What most of several versions of one object share, field by field: of each field the value that most of them have, and
 * of several values that equally many have, the one that comes first. To have nothing counts as a value. Maps are taken
 * apart by their keys, lists of containers and their like by name, in the order that most have, and other lists of maps
 * by place where they are of one length; every other list counts as a whole.
 * @param versions one for each environment, in the order in which a tie is settled; at least one
 */
export function mostShared([first = {}, ...others]: readonly JsonObject[]): JsonObject {
  const shared = sharedValue([first, ...others], mergeTreeOf(first));
  return isJsonObject(shared) ? shared : first;
}

function sharedValue(values: readonly Held[], tree: MergeTree): Held {
  // Most texts and numbers are the same one everywhere, and need no groups to be told.
  if (values.every((value) => value === values[0])) return values[0];
  const most = largestGroup(values, (value) => formOf(value, tree));
  const [first] = most;
  if (most.every((value) => value === first)) return first;
  if (isJsonObject(first)) return sharedMap(most.filter(isJsonObject), tree);
  if (!Array.isArray(first)) return first;
  const lists = most.filter(Array.isArray);
  return tree.list !== undefined && isKeyed(first, tree)
    ? sharedByName(lists, tree.list)
    : isListOfMaps(first)
      ? sharedByPlace(lists)
      : first;
}

/** Undefined where they have no key in common, and none of them is empty: a map that nobody has is no base for anything. */
function sharedMap(maps: readonly JsonObject[], tree: MergeTree): JsonObject | undefined {
  const fields: [string, JsonValue][] = [];
  for (const key of new Set(maps.flatMap((map) => Object.keys(map)))) {
    const held = maps.map((map) => (Object.hasOwn(map, key) ? map[key] : undefined));
    const shared = sharedValue(held, fieldOf(tree, key));
    if (shared !== undefined) fields.push([key, shared]);
  }
  const isNobodys = fields.length === 0 && maps.every((map) => Object.keys(map).length > 0);
  return isNobodys ? undefined : Object.fromEntries(fields);
}

/** The names that most lists have, in that order; each element shared by all lists that have it. */
function sharedByName(lists: readonly JsonArray[], { key, element }: NonNullable<MergeTree["list"]>): JsonArray {
  const named = lists.map((list) => byKey(list, key) ?? new Map<string, JsonObject>());
  const [order = new Map<string, JsonObject>()] = largestGroup(named, (elements) =>
    JSON.stringify([...elements.keys()]),
  );
  return [...order.keys()].map((name) => {
    const having = named.map((elements) => elements.get(name)).filter(isJsonObject);
    return sharedMap(having, element) ?? { [key]: name };
  });
}

function sharedByPlace(lists: readonly JsonArray[]): JsonArray {
  const [first = []] = lists;
  return first.map((_, place) => {
    const held = lists.map((list) => list[place]).filter(isJsonObject);
    return sharedMap(held, { fields: {} }) ?? {};
  });
}

/** Values of one form are one candidate: those that can be taken apart, whatever is in them, and all others by content. */
function formOf(value: Held, tree: MergeTree): string {
  if (value === undefined) return "nothing";
  if (isJsonObject(value)) return "map";
  if (!Array.isArray(value)) return `${typeof value} ${String(value)}`;
  if (isKeyed(value, tree)) return "named";
  return isListOfMaps(value) ? `maps ${value.length}` : `list ${emitYaml(value)}`;
}

function isKeyed(list: JsonArray, { list: keyed }: MergeTree): boolean {
  return keyed !== undefined && list.length > 0 && byKey(list, keyed.key) !== undefined;
}

function isListOfMaps(list: JsonArray): boolean {
  return list.length > 0 && list.every(isJsonObject);
}

/** The values whose key most of them have; of several such keys the one that comes first. */
function largestGroup<Value>(values: readonly Value[], keyOf: (value: Value) => string): readonly Value[] {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(value);
  }
  let largest: readonly Value[] = [];
  for (const group of groups.values()) if (group.length > largest.length) largest = group;
  return largest;
}
