import { type ObjectKey, pathSegment, splitObjectKey } from "@kubeferry/model";
import { PLAIN_TYPES } from "./plain-types.ts";

/** The folder of cluster-scoped objects; no namespace is called so. */
const CLUSTER_FOLDER = "_cluster";

/** What a mirror key needs of a type. */
export interface MirroredType {
  readonly group: string;
  readonly resource: string;
  readonly namespaced: boolean;
}

/**
 * Where an object's file lies below the cluster's root: "shop/deployments/web.yaml", "shop/routes.route.openshift.io/web.yaml",
 * "_cluster/clusterroles/view.yaml". Two objects never share a key, no segment is longer than 255 bytes, and none
 * climbs out or starts like the folders that this project keeps for itself.
 */
export function mirrorKey(type: MirroredType, key: ObjectKey): string {
  const { namespace, name } = splitObjectKey(key, type.namespaced && key.includes("/"));
  const folder = namespace === undefined ? CLUSTER_FOLDER : namespaceFolder(namespace);
  return `${folder}/${typeFolder(type)}/${pathSegment(name)}.yaml`;
}

/** True for keys that `mirrorKey` can give. */
export function isMirrorKey(key: string): boolean {
  return /^[^/]+\/[^/]+\/[^/]+\.yaml$/.test(key) && (!key.startsWith("_") || key.startsWith(`${CLUSTER_FOLDER}/`));
}

// Kubernetes gives no namespace a leading underscore; a server that did would reach into `_snapshots` or `_cluster`.
function namespaceFolder(namespace: string): string {
  const segment = pathSegment(namespace);
  return segment.startsWith("_") ? `%5F${segment.slice(1)}` : segment;
}

function typeFolder({ group, resource }: MirroredType): string {
  if (Object.hasOwn(PLAIN_TYPES, group) && PLAIN_TYPES[group]?.includes(resource)) return pathSegment(resource);
  // A slash cannot be in a plural; in its place a dot of the plural gets escaped, and only the group's dots stay dots.
  return pathSegment(`${resource.replaceAll(".", "/")}.${group}`);
}
