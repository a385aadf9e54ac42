import { type Call, compareUtf8, type ObjectKey, type ResourceType, typeName } from "@kubeferry/model";
import type { KubeApi, ListEnd, ListedObject, Listing, ListRequest } from "../kube-api.ts";
import { KubeError } from "../kube-error.ts";

/** A page that broke off and was asked for again brings its objects twice. */
const SPARE_REPEATS = 10_000;

/**
 * Lists a type whose server sends items out of order ("unordered"): everything is read into memory, sorted by key, and
 * of objects that came twice the last one is kept. Costs the memory of the whole list, so only for such types.
 */
export function listSorted(api: KubeApi, type: ResourceType, request: ListRequest, call: Call): Listing {
  const listing = api.list(type, { ...request, anyOrder: true }, call);
  let ended: ListEnd | undefined;

  async function* objects(): AsyncGenerator<ListedObject> {
    const byKey = new Map<ObjectKey, ListedObject>();
    let came = 0;
    for await (const object of listing) {
      byKey.set(object.key, object);
      if (++came > 2 * byKey.size + SPARE_REPEATS) throw goesRound(type);
    }
    const sorted = [...byKey.values()].sort((left, right) => compareUtf8(left.key, right.key));
    yield* sorted;
    ended = { ...listing.end(), objects: sorted.length };
  }

  return {
    [Symbol.asyncIterator]: objects,
    end() {
      if (ended === undefined) throw new Error("the listing has not been read to its end");
      return ended;
    },
  };
}

function goesRound(type: ResourceType): KubeError {
  return new KubeError({
    kind: "invalid",
    who: "kube",
    operation: `list ${typeName(type)}`,
    problem: "the server sends the same objects again and again",
    next: "look at the server of this API group, or leave the type out with backup.filter.resources.exclude",
  });
}
