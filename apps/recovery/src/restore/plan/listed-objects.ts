import { type KubeApi, KubeError, type ListedObject } from "@kubeferry/kube";
import {
  type Call,
  compareUtf8,
  isJsonObject,
  type JsonObject,
  type ObjectKey,
  objectKey,
  parseJson,
  typeName,
} from "@kubeferry/model";
import type { PlannedObject } from "../restore-plan.ts";

/** An object as a list had it. */
export interface Listed {
  /** undefined: there is none of its name. */
  readonly live: JsonObject | undefined;
  /** No list was asked: nothing that the plan is about was in its namespace so far. A dry run has to say so. */
  readonly guessed?: true;
}

/** What lists tell of the objects that a plan is about. */
export interface ListedObjects {
  /**
   * Asked for one object after another, type by type, namespace by namespace, in the order of keys: the list is read
   * beside the questions, a page at a time.
   * @returns undefined where no list says it, and the object itself has to be asked for
   */
  find(object: PlannedObject, call: Call): Promise<Listed | undefined>;
  /** Tells whether an object that was asked for turned out to be there. */
  learn(object: PlannedObject, isThere: boolean): void;
  /** Ends the lists that are being read. */
  close(): Promise<void>;
}

/** Fewer objects of a type in a namespace are asked for one by one: nobody knows how many others a list would bring. */
const FEWEST_LISTED = 4;

/** Objects a page. */
const PAGE = 500;

/**
 * Lists that are under way, each over a connection of its own while it waits to be read: the one that is read, and two
 * that are asked for before the first of their objects is, because a list takes as long as some ten dry runs.
 */
export const LISTS_AT_ONCE = 3;

/**
 * Looks objects up in one list for each type and namespace, which costs the API server less than a request for each of
 * them. What may not be listed, or is not listed in order, is left to be asked for. A namespace in which nothing was
 * there so far is taken for a new one, and nothing is asked about it until something turns out to be there.
 * @param planned all that will be asked for; lists are begun ahead in the order in which they come here
 */
export function createListedObjects(kube: KubeApi, planned: Iterable<PlannedObject>): ListedObjects {
  const groups = listedGroups(planned);
  const places = new Map(groups.map(([group], place) => [group, place]));
  /** Of the group that is read, and of those ahead of it, in the order in which they are read. */
  const lists = new Map<string, OrderedList>();
  let read: string | undefined;
  /** By namespace, whether anything that was asked for was there. */
  const there = new Map<string, boolean>();

  function isNew({ namespace }: PlannedObject): boolean {
    return namespace !== undefined && there.get(namespace) === false;
  }

  async function turnTo(group: string, place: number, call: Call): Promise<void> {
    const window = groups.slice(place, place + LISTS_AT_ONCE);
    // Where few lists may be read at once, one that was not begun ahead would wait for those, and they to be read.
    const kept = lists.has(group) ? window.map(([one]) => one) : [];
    await end([...lists.keys()].filter((one) => !kept.includes(one)));
    for (const [next, first] of window) {
      if (!lists.has(next) && (next === group || !isNew(first))) lists.set(next, openList(kube, first, call));
    }
  }

  async function end(these: readonly string[]): Promise<void> {
    const ending = these.map((one) => lists.get(one)?.close());
    for (const one of these) lists.delete(one);
    await Promise.all(ending);
  }

  return {
    async find(object, call) {
      const group = groupOf(object);
      // A list that is under way is read, and closed in its turn.
      if (!lists.has(group) && isNew(object)) return { live: undefined, guessed: true };
      const place = places.get(group);
      if (place === undefined) return undefined;
      if (read !== group) await turnTo(group, place, call);
      read = group;
      return lists.get(group)?.at(objectKey(object.namespace, object.name));
    },
    learn({ namespace }, isThere) {
      if (namespace !== undefined) there.set(namespace, isThere || there.get(namespace) === true);
    },
    close: () => end([...lists.keys()]),
  };
}

/** Groups that are worth a list, each with its first object. */
function listedGroups(planned: Iterable<PlannedObject>): readonly (readonly [string, PlannedObject])[] {
  const found = new Map<string, { readonly first: PlannedObject; count: number }>();
  for (const object of planned) {
    const group = found.get(groupOf(object)) ?? { first: object, count: 0 };
    group.count++;
    found.set(groupOf(object), group);
  }
  return [...found].flatMap(([group, { first, count }]) => (count < FEWEST_LISTED ? [] : [[group, first] as const]));
}

function groupOf({ group, resource, namespace = "" }: PlannedObject): string {
  return `${typeName({ group, resource })} ${namespace}`;
}

/** A list that is read as far as it is asked for. */
interface OrderedList {
  at(key: ObjectKey): Promise<Listed | undefined>;
  close(): Promise<void>;
}

/** Asks for the first page at once. */
function openList(kube: KubeApi, { namespace, name: _, ...named }: PlannedObject, call: Call): OrderedList {
  const type = { ...named, namespaced: namespace !== undefined, verbs: ["list"] };
  const request = { pageSize: PAGE, ...(namespace === undefined ? {} : { namespace }) };
  const objects = kube.list(type, request, call)[Symbol.asyncIterator]();
  let coming: Promise<IteratorResult<ListedObject>> | undefined = objects.next();
  // Whoever asks for an object is told.
  coming.catch(() => undefined);
  let next: ListedObject | "end" | "unknown" | undefined;
  let asked: ObjectKey | undefined;

  /** The first one that is not before the key. */
  async function advance(key: ObjectKey): Promise<ListedObject | "end" | "unknown"> {
    while (next === undefined || (typeof next !== "string" && compareUtf8(next.key, key) < 0)) {
      const { done, value } = await (coming ?? objects.next());
      coming = undefined;
      next = done === true ? "end" : value;
    }
    return next;
  }

  return {
    async at(key) {
      // What comes out of order has been passed by.
      if (asked !== undefined && compareUtf8(key, asked) < 0) return undefined;
      asked = key;
      try {
        const found = await advance(key);
        if (found === "unknown") return undefined;
        return { live: found !== "end" && found.key === key ? parsed(found) : undefined };
      } catch (error) {
        if (!(error instanceof KubeError)) throw error;
        // Forbidden, out of order, broken off: the objects themselves may still be asked for, or say why not.
        next = "unknown";
        return undefined;
      }
    },
    async close() {
      await objects.return?.();
    },
  };
}

function parsed({ line }: ListedObject): JsonObject {
  const live = parseJson(line.toString("utf8"));
  if (isJsonObject(live)) return live;
  throw new TypeError("a listed object is an object");
}
