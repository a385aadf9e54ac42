import { Buffer } from "node:buffer";
import { apiVersionOf, objectKey, type ResourceType, typeName } from "@kubeferry/model";
import type { ListedObject } from "../kube-api.ts";
import { KubeError } from "../kube-error.ts";
import { readObjectHeader } from "./object-header.ts";

/** Turns one item of a LIST into the object as GET returns it. @throws KubeError "invalid" */
export type ToListedObject = (item: Buffer) => ListedObject;

/** How Go begins an object without kind and apiVersion; with them, one of the two comes first. */
const METADATA_FIRST = Buffer.from('{"metadata":');

/**
 * Lists of built-in types leave `kind` and `apiVersion` out of their items, because the list's own kind says it; GET
 * writes both first, in this order. Items of custom resources carry both already and stay as they are.
 */
export function createToListedObject(type: ResourceType, operation: string): ToListedObject {
  const kind = `"kind":${JSON.stringify(type.kind)}`;
  const apiVersion = `"apiVersion":${JSON.stringify(apiVersionOf(type))}`;
  const both = Buffer.from(`{${kind},${apiVersion},`);
  const onlyKind = Buffer.from(`{${kind},`);
  const onlyApiVersion = Buffer.from(`{${apiVersion},`);
  // Whether the objects read so far were bare. One encoder writes a whole list, so the first one, read to its end,
  // speaks for those that begin like it.
  let bare = false;
  return (item) => {
    const beginsBare = item.subarray(0, METADATA_FIRST.length).equals(METADATA_FIRST);
    const header = readObjectHeader(item, { namespaced: type.namespaced, bare: bare && beginsBare });
    if (header === undefined) throw notAnObject(type, operation);
    const { hasKind, hasApiVersion } = header;
    bare = beginsBare && !hasKind && !hasApiVersion;
    const prefix = hasKind ? onlyApiVersion : hasApiVersion ? onlyKind : both;
    return {
      key: objectKey(header.namespace, header.name),
      uid: header.uid,
      resourceVersion: header.resourceVersion,
      line: hasKind && hasApiVersion ? item : Buffer.concat([prefix, item.subarray(1)]),
    };
  };
}

function notAnObject(type: ResourceType, operation: string): KubeError {
  return new KubeError({
    kind: "invalid",
    who: "kube",
    operation,
    problem: "an item of the list is no Kubernetes object: its JSON is broken, or it has no metadata.name",
    next: `look at it with: kubectl get ${typeName(type)} --all-namespaces -o json`,
  });
}
