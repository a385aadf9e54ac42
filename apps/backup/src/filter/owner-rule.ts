import { isJsonObject, type JsonObject, parseJson, type ResourceType, typeName } from "@kubeferry/model";
import type { CapturedObject } from "@kubeferry/snapshot";

/** Controllers of the API server's own types: with them read, what they own is made again by itself. */
const OWNERS: ReadonlyMap<string, string> = new Map([
  ["apps/ReplicaSet", "replicasets.apps"],
  ["apps/StatefulSet", "statefulsets.apps"],
  ["apps/DaemonSet", "daemonsets.apps"],
  ["apps/Deployment", "deployments.apps"],
  ["batch/Job", "jobs.batch"],
  ["/ReplicationController", "replicationcontrollers"],
]);

/** True for the two types to which the rule applies: Pods and ReplicaSets. */
export function ownerRuleApplies(type: ResourceType): boolean {
  const name = typeName(type);
  return name === "pods" || name === "replicasets.apps";
}

/**
 * True when the object has a controller of a built-in type and that type was read, unfiltered, in this run. By type
 * only: whether that very owner exists is a question for the view, not for the capture.
 * @param read names of the types read so far, as `typeName` gives them
 */
export function isOwned(object: CapturedObject, read: ReadonlySet<string>): boolean {
  // Most bare objects have no controller at all; only the others are parsed.
  if (!object.line.includes('"controller":true')) return false;
  const owner = controllerOf(parseJson(object.line.toString("utf8")) as JsonObject);
  const ownerType = owner === undefined ? undefined : OWNERS.get(owner);
  return ownerType !== undefined && read.has(ownerType);
}

function controllerOf(object: JsonObject): string | undefined {
  const metadata = object.metadata;
  if (!isJsonObject(metadata) || !Array.isArray(metadata.ownerReferences)) return undefined;
  for (const reference of metadata.ownerReferences) {
    if (!isJsonObject(reference) || reference.controller !== true) continue;
    return `${groupOf(String(reference.apiVersion))}/${String(reference.kind)}`;
  }
  return undefined;
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}
