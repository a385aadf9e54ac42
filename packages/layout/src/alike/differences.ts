import { equalJson } from "@kubeferry/clean";
import { isJsonObject, type JsonArray, type JsonObject, type JsonValue, pointerStep } from "@kubeferry/model";
import { byKey, fieldOf, type MergeTree, mergeTreeOf } from "../patch/merge-keys.ts";

/** One place in which the versions of an object differ. */
export interface Difference {
  /** A JSON Pointer; elements of lists that have names are called by these: "/spec/template/spec/containers/web/image". */
  readonly path: string;
  /** One value for each version, in their order; undefined where it has nothing there. */
  readonly values: readonly (JsonValue | undefined)[];
}

/** The smallest places in which versions of one object differ, in the order of their paths. */
export function differencesOf(versions: readonly JsonObject[]): readonly Difference[] {
  return [...differing(versions, mergeTreeOf(versions[0] ?? {}), "")];
}

function* differing(values: readonly (JsonValue | undefined)[], tree: MergeTree, path: string): Generator<Difference> {
  const [first] = values;
  if (values.every((value) => isSame(value, first))) return;
  if (values.every(isJsonObject)) {
    const keys = [...new Set(values.flatMap((map) => Object.keys(map)))].sort();
    for (const key of keys) {
      const inner = values.map((map) => (Object.hasOwn(map, key) ? map[key] : undefined));
      yield* differing(inner, fieldOf(tree, key), `${path}${pointerStep(key)}`);
    }
    return;
  }
  if (values.every(Array.isArray)) {
    const elements = elementsOf(values, tree);
    if (elements !== undefined) {
      for (const { step, held, below } of elements) yield* differing(held, below, `${path}${step}`);
      return;
    }
  }
  yield { path, values };
}

interface Element {
  readonly step: string;
  readonly held: readonly (JsonValue | undefined)[];
  readonly below: MergeTree;
}

/** Elements that belong together: by name, or by place in lists of one length; undefined where nobody can say. */
function elementsOf(lists: readonly JsonArray[], { list: keyed }: MergeTree): readonly Element[] | undefined {
  const named = keyed === undefined ? [] : lists.map((list) => byKey(list, keyed.key));
  if (keyed !== undefined && named.every((each) => each !== undefined)) {
    const names = new Set(named.flatMap((each) => [...each.keys()]));
    // A list that is only in another order differs as a whole.
    const isOrdered = named.every((each) => isInOrder([...each.keys()], [...names]));
    if (!isOrdered) return undefined;
    return [...names].map((name) => ({
      step: pointerStep(name),
      held: named.map((each) => each.get(name)),
      below: keyed.element,
    }));
  }
  const [first = []] = lists;
  if (lists.some((list) => list.length !== first.length)) return undefined;
  return first.map((_, place) => ({
    step: pointerStep(place),
    held: lists.map((list) => list[place]),
    below: { fields: {} },
  }));
}

function isInOrder(some: readonly string[], all: readonly string[]): boolean {
  const places = some.map((name) => all.indexOf(name));
  return places.every((place, index) => index === 0 || place > (places[index - 1] ?? -1));
}

function isSame(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  return left === undefined || right === undefined ? left === right : equalJson(left, right);
}
