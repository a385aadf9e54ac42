import type { KubeApi, ListEnd, Listing, ListRequest } from "@kubeferry/kube";
import { type Call, compareUtf8, type ResourceType } from "@kubeferry/model";

/**
 * Lists a type namespace by namespace, in the order a list of the whole cluster has. Its revision is the last one's,
 * and it is consistent only where there is a single namespace.
 * @throws KubeError when one of them cannot be listed: then the type as a whole is unread
 */
export function listNamespaces(
  kube: Pick<KubeApi, "list">,
  { type, namespaces, request }: { type: ResourceType; namespaces: readonly string[]; request: ListRequest },
  call: Call,
): Listing {
  // "team-a/x" sorts before "team/x": the slash belongs to the order.
  const inOrder = namespaces.toSorted((left, right) => compareUtf8(`${left}/`, `${right}/`));
  const ends: ListEnd[] = [];
  async function* objects() {
    for (const namespace of inOrder) {
      const listing = kube.list(type, { ...request, namespace }, call);
      yield* listing;
      ends.push(listing.end());
    }
  }
  return { [Symbol.asyncIterator]: objects, end: () => joined(ends) };
}

function joined(ends: readonly ListEnd[]): ListEnd {
  return {
    resourceVersion: ends.at(-1)?.resourceVersion ?? "",
    consistent: ends.length <= 1 && ends.every(({ consistent }) => consistent),
    pages: ends.reduce((sum, { pages }) => sum + pages, 0),
    objects: ends.reduce((sum, { objects }) => sum + objects, 0),
  };
}
