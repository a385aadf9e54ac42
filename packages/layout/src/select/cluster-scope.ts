import { type JsonObject, labelOf, typeName } from "@kubeferry/model";

/** Cluster-scoped types that are adopted, each with the names that belong to the platform. */
const ALLOWED: ReadonlyMap<string, RegExp | undefined> = new Map([
  ["customresourcedefinitions.apiextensions.k8s.io", undefined],
  ["clusterroles.rbac.authorization.k8s.io", /^system:/],
  ["clusterrolebindings.rbac.authorization.k8s.io", /^system:/],
  ["storageclasses.storage.k8s.io", undefined],
  ["priorityclasses.scheduling.k8s.io", /^system-/],
  ["ingressclasses.networking.k8s.io", undefined],
  ["mutatingwebhookconfigurations.admissionregistration.k8s.io", undefined],
  ["validatingwebhookconfigurations.admissionregistration.k8s.io", undefined],
]);

/** True for a cluster-scoped type some of whose objects are adopted. */
export function isClusterTypeAllowed(type: { readonly group: string; readonly resource: string }): boolean {
  return ALLOWED.has(typeName(type));
}

/** True for an object that Kubernetes itself makes at start: it is there in every cluster. */
export function belongsToPlatform(
  type: { readonly group: string; readonly resource: string },
  name: string,
  object: JsonObject,
): boolean {
  if (labelOf(object, "kubernetes.io/bootstrapping") !== undefined) return true;
  return ALLOWED.get(typeName(type))?.test(name) ?? false;
}
