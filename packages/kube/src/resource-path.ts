import { apiVersionOf, type ResourceType, typeName } from "@kubeferry/model";
import { KubeError } from "./kube-error.ts";

/** What of a type its paths are made of. */
type PathOfType = Pick<ResourceType, "group" | "version" | "resource" | "namespaced">;

/**
 * The path of a type's objects, below the server.
 * @param namespace undefined: of all namespaces, or of a type that has none
 * @throws KubeError "invalid" for a namespace with a type that has none
 */
export function collectionPath(type: PathOfType, namespace: string | undefined): string {
  const version = `${type.group === "" ? "/api" : "/apis"}/${apiVersionOf(type)}`;
  if (namespace === undefined) return `${version}/${type.resource}`;
  if (!type.namespaced || namespace === "") throw noNamespace(type, namespace);
  return `${version}/namespaces/${encodeURIComponent(namespace)}/${type.resource}`;
}

/** The path of one object. @throws KubeError as `collectionPath` */
export function objectPath(type: PathOfType, namespace: string | undefined, name: string): string {
  return `${collectionPath(type, namespace)}/${encodeURIComponent(name)}`;
}

function noNamespace(type: PathOfType, namespace: string): KubeError {
  return new KubeError({
    kind: "invalid",
    who: "kube",
    operation: `read ${typeName(type)}`,
    problem: `it is not in namespaces, so not in "${namespace}"`,
    next: "leave the namespace out: its objects are in none",
  });
}
