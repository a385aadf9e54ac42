import { annotationOf, type JsonObject, labelOf, objectKey, type ResourceType, typeName } from "@kubeferry/model";

/** Types whose objects are no matter of a restore, each with the reason. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ["nodes", "machines register themselves"],
  ["csinodes.storage.k8s.io", "machines register themselves"],
  ["events", "it tells what happened, and is no state"],
  ["events.events.k8s.io", "it tells what happened, and is no state"],
  ["leases.coordination.k8s.io", "processes that run hold it for some seconds"],
  ["leasecandidates.coordination.k8s.io", "processes that run hold it for some seconds"],
  ["componentstatuses", "the API server computes it"],
  ["volumeattachments.storage.k8s.io", "the storage controllers make it where a Pod runs"],
  ["csistoragecapacities.storage.k8s.io", "the storage driver measures it"],
  ["certificatesigningrequests.certificates.k8s.io", "it was a question, and was answered or has expired"],
  ["ipaddresses.networking.k8s.io", "the API server makes it for the address of a Service"],
  ["servicecidrs.networking.k8s.io", "the API server makes it of its own addresses"],
  ["storageversions.internal.apiserver.k8s.io", "API servers tell each other with it what they run"],
]);

/** Groups of computed views. */
const GROUPS: ReadonlyMap<string, string> = new Map([
  ["metrics.k8s.io", "it is measured, not kept"],
  ["custom.metrics.k8s.io", "it is measured, not kept"],
  ["external.metrics.k8s.io", "it is measured, not kept"],
]);

const RBAC = "rbac.authorization.k8s.io";

const NAMESPACES: ReadonlySet<string> = new Set(["default", "kube-node-lease", "kube-public", "kube-system"]);

/** ConfigMaps of namespace kube-system that the API server writes when it starts. */
const OF_THE_API_SERVER: ReadonlySet<string> = new Set([
  "kube-system/extension-apiserver-authentication",
  "kube-system/kube-apiserver-legacy-service-account-token-tracking",
]);

/** Why no object of a type is brought back; undefined where some are. */
export function neverRestored(type: Pick<ResourceType, "group" | "resource">): string | undefined {
  return TYPES.get(typeName(type)) ?? GROUPS.get(type.group);
}

/**
 * Why an object is there in every cluster without anybody bringing it back; undefined for all others. What the cleaning
 * rules say of whole objects (`dropReason`) is asked apart from this.
 */
export function clusterMade(
  type: Pick<ResourceType, "group" | "resource">,
  namespace: string | undefined,
  name: string,
  object: JsonObject,
): string | undefined {
  const known = typeName(type);
  if (known === "namespaces" && NAMESPACES.has(name)) return "every cluster has this namespace";
  if (known === "configmaps" && OF_THE_API_SERVER.has(objectKey(namespace, name))) return "the API server writes it";
  if (type.group === RBAC && labelOf(object, "kubernetes.io/bootstrapping") === "rbac-defaults") {
    return "the API server makes it when it starts";
  }
  if (known === "priorityclasses.scheduling.k8s.io" && name.startsWith("system-")) {
    return "the API server makes it when it starts";
  }
  const isFlow = type.group === "flowcontrol.apiserver.k8s.io";
  if (isFlow && annotationOf(object, "apf.kubernetes.io/autoupdate-spec") === "true") {
    return "the API server makes it when it starts, and keeps it as it is";
  }
  return undefined;
}
