import { type ResourceType, typeName } from "@kubeferry/model";
import type { ListRequest } from "../kube-api.ts";
import { collectionPath } from "../resource-path.ts";

/** Asks for metadata alone; the second form is for aggregated APIs that cannot make the first: they would answer 406. */
export const METADATA_LIST = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

/** Which page of a list. */
export interface PageOfList {
  /** Objects. */
  readonly size: number;
  /** "": the first. */
  readonly token: string;
  /** Where no token says it: as of this revision; "": as of now. */
  readonly revision: string;
}

/**
 * The path of one page, below the server. A token says the revision itself, and the server refuses both together; the
 * selector it wants again on every page.
 * @throws KubeError "invalid" for a namespace with a type that has none
 */
export function listPath(
  type: ResourceType,
  request: Pick<ListRequest, "labelSelector" | "namespace" | "only">,
  { size, token, revision }: PageOfList,
): string {
  const query = new URLSearchParams({ limit: String(size) });
  if (request.labelSelector !== undefined) query.set("labelSelector", request.labelSelector);
  if (request.only !== undefined) query.set("fieldSelector", `metadata.name=${request.only.name}`);
  if (token !== "") query.set("continue", token);
  // What a server's cache has by then need not be read from its store.
  else if (request.only !== undefined) {
    query.set("resourceVersion", request.only.resourceVersion);
    query.set("resourceVersionMatch", "NotOlderThan");
  } else if (revision !== "") {
    query.set("resourceVersion", revision);
    query.set("resourceVersionMatch", "Exact");
  }
  return `${collectionPath(type, request.namespace)}?${query}`;
}

/** What to ask kubectl when the list is forbidden. */
export function whenListForbidden(type: ResourceType, namespace: string | undefined): string {
  const scope = namespace === undefined ? "--all-namespaces" : `--namespace ${namespace}`;
  const ask = `kubectl auth can-i list ${typeName(type)}${type.namespaced ? ` ${scope}` : ""}`;
  return `ask with: ${ask}; the ClusterRole must allow list on it`;
}
