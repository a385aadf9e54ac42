import { type KubeApi, KubeError } from "@kubeferry/kube";
import { type Call, type ResourceType, type SecretsMode, splitObjectKey, typeName } from "@kubeferry/model";
import { type MovedObjects, sameVersion } from "@kubeferry/snapshot";
import { capturedAs } from "./capture-line.ts";

/** What single objects are asked for with. */
export interface Asking {
  readonly kube: Pick<KubeApi, "list">;
  readonly secrets: SecretsMode;
  /** Ends the asking, but not what is on its way to the store. */
  readonly listSignal: AbortSignal;
}

/** A server that passes over the selector is noticed by the second object. */
const PAGE_SIZE = 2;

/**
 * Single objects of a type at the versions of its metadata. Each is a list of one: to list is all that a backup may be
 * allowed. One that moved on since would be of another moment than the list it belongs to.
 * @throws KubeError, from `fetch`; "expired" where the object is not at that version any more
 */
export function movedObjects(type: ResourceType, { kube, secrets, listSignal }: Asking, call: Call): MovedObjects {
  return {
    call,
    async fetch(version) {
      const { namespace, name } = splitObjectKey(version.key, type.namespaced);
      const only = { name, resourceVersion: version.resourceVersion };
      const request = { pageSize: PAGE_SIZE, only, ...(namespace === undefined ? {} : { namespace }) };
      const answers = kube.list(type, request, { ...call, signal: listSignal });
      const object = await theOnly(answers);
      if (object?.key !== version.key || !sameVersion(object, version)) throw movedOn(type);
      return capturedAs(type, object, secrets);
    },
  };
}

/** Undefined where there is none, or more than one: nothing more is read then. */
async function theOnly<Item>(items: AsyncIterable<Item>): Promise<Item | undefined> {
  let only: Item | undefined;
  for await (const item of items) {
    if (only !== undefined) return undefined;
    only = item;
  }
  return only;
}

function movedOn(type: ResourceType): KubeError {
  return new KubeError({
    kind: "expired",
    who: "backup",
    operation: `list one of ${typeName(type)}`,
    problem: "the object is not at the version any more that its metadata named",
    next: "the type is listed whole",
  });
}
