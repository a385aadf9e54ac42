import { at, type JsonObject } from "@kubeferry/model";

/** Finalizers that every Kubernetes takes off itself; those of storage drivers and their helpers bear its domain, too. */
const KUBERNETES =
  /^(foregroundDeletion|orphan|kubernetes|((batch|service)\.)?kubernetes\.io\/.*|customresourcecleanup\.apiextensions\.k8s\.io)$/;

/**
 * The finalizers of an object that nobody in the target would take off: their domain is neither that of a group that is
 * there nor above or below one ("finalizers.example.com/wait" belongs to group "example.com"). With one of them the
 * object could never be removed; a controller that comes later puts its own on again.
 * @param groups API groups that the target serves or the plan brings
 */
export function strandedFinalizers(object: JsonObject, groups: ReadonlySet<string>): readonly string[] {
  return finalizersOf(object).filter((one) => !KUBERNETES.test(one) && !belongs(one, groups));
}

function belongs(finalizer: string, groups: ReadonlySet<string>): boolean {
  const [domain = ""] = finalizer.split("/", 1);
  for (const group of groups) {
    // A group without a dot ("apps", "") is Kubernetes' own, and nobody's domain.
    if (!group.includes(".")) continue;
    if (group === domain || domain.endsWith(`.${group}`) || group.endsWith(`.${domain}`)) return true;
  }
  return false;
}

/** The finalizers that are not Kubernetes' own: what taking them off may set going is their controllers' affair. */
export function foreignFinalizers(object: JsonObject): readonly string[] {
  return finalizersOf(object).filter((one) => !KUBERNETES.test(one));
}

function finalizersOf(object: JsonObject): readonly string[] {
  const finalizers = at(object, "metadata", "finalizers");
  return Array.isArray(finalizers) ? finalizers.filter((one) => typeof one === "string") : [];
}
