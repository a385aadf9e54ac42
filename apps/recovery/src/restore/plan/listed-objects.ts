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

/** An object as a list had it; undefined: the list has none of its name. */
export interface Listed {
  readonly live: JsonObject | undefined;
}

/** What lists tell of the objects that a plan is about. */
export interface ListedObjects {
  /**
   * Asked for one object after another, type by type, namespace by namespace, in the order of keys: the list is read
   * beside the questions, a page at a time.
   * @returns undefined where no list says it, and the object itself has to be asked for
   */
  find(object: PlannedObject, call: Call): Promise<Listed | undefined>;
  /** Ends the list that is being read. */
  close(): Promise<void>;
}

/** Fewer objects of a type in a namespace are asked for one by one: nobody knows how many others a list would bring. */
const FEWEST_LISTED = 4;

/** Objects a page. */
const PAGE = 500;

/**
 * Looks objects up in one list for each type and namespace, which costs the API server less than a request for each of
 * them. What may not be listed, or is not listed in order, is left to be asked for.
 * @param planned all that will be asked for
 */
export function createListedObjects(kube: KubeApi, planned: Iterable<PlannedObject>): ListedObjects {
  const counts = new Map<string, number>();
  for (const object of planned) counts.set(groupOf(object), (counts.get(groupOf(object)) ?? 0) + 1);
  let open: { readonly group: string; readonly list: OrderedList } | undefined;

  return {
    async find(object, call) {
      const group = groupOf(object);
      if ((counts.get(group) ?? 0) < FEWEST_LISTED) return undefined;
      if (open?.group !== group) {
        await open?.list.close();
        open = { group, list: openList(kube, object, call) };
      }
      return open.list.at(objectKey(object.namespace, object.name));
    },
    close: async () => open?.list.close(),
  };
}

function groupOf({ group, resource, namespace = "" }: PlannedObject): string {
  return `${typeName({ group, resource })} ${namespace}`;
}

/** A list that is read as far as it is asked for. */
interface OrderedList {
  at(key: ObjectKey): Promise<Listed | undefined>;
  close(): Promise<void>;
}

function openList(kube: KubeApi, { namespace, name: _, ...named }: PlannedObject, call: Call): OrderedList {
  const type = { ...named, namespaced: namespace !== undefined, verbs: ["list"] };
  const request = { pageSize: PAGE, ...(namespace === undefined ? {} : { namespace }) };
  const objects = kube.list(type, request, call)[Symbol.asyncIterator]();
  let next: ListedObject | "end" | "unknown" | undefined;
  let asked: ObjectKey | undefined;

  /** The first one that is not before the key. */
  async function advance(key: ObjectKey): Promise<ListedObject | "end" | "unknown"> {
    while (next === undefined || (typeof next !== "string" && compareUtf8(next.key, key) < 0)) {
      const { done, value } = await objects.next();
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
