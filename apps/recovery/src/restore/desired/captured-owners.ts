import { type JsonObject, objectsAt, textAt } from "@kubeferry/model";

/** An owner as a captured object names it. */
export interface CapturedOwner {
  /** "" for core. */
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  /** In the cluster that was captured; another object of that name is another owner. */
  readonly uid: string;
  readonly controller: boolean;
  readonly blockOwnerDeletion: boolean;
}

/** The owners of an object, in its order; a reference without a uid names nobody. */
export function capturedOwners(object: JsonObject): readonly CapturedOwner[] {
  return objectsAt(object, "metadata", "ownerReferences").flatMap((reference) => {
    const uid = textAt(reference, "uid");
    if (uid === undefined) return [];
    const apiVersion = textAt(reference, "apiVersion") ?? "";
    return {
      group: apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "",
      kind: textAt(reference, "kind") ?? "",
      name: textAt(reference, "name") ?? "",
      uid,
      controller: reference.controller === true,
      blockOwnerDeletion: reference.blockOwnerDeletion === true,
    };
  });
}
