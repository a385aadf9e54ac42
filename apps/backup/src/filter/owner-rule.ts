import {
  isJsonObject,
  type JsonObject,
  objectKey,
  parseJson,
  type ResourceType,
  splitObjectKey,
  typeName,
} from "@kubeferry/model";
import type { CapturedObject } from "@kubeferry/snapshot";
import type { ObjectFilter } from "./object-filter.ts";

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

/** The filters of the types read so far in this run, by the names that `typeName` gives. */
export type ReadTypes = ReadonlyMap<string, Pick<ObjectFilter, "surelyTakes">>;

/**
 * True when the object has a controller of a built-in type, that type was read in this run, and no filter could have
 * left the controller out. Whether that very owner exists is a question for the view, not for the capture.
 */
export function isOwned(object: Pick<CapturedObject, "key" | "line">, read: ReadTypes): boolean {
  // Most bare objects have no controller at all; only the others are parsed.
  if (!object.line.includes('"controller":true')) return false;
  const owner = controllerOf(parseJson(object.line.toString("utf8")) as JsonObject);
  const ownerType = owner === undefined ? undefined : OWNERS.get(owner.kind);
  const filter = ownerType === undefined ? undefined : read.get(ownerType);
  if (owner === undefined || filter === undefined) return false;
  // An owner lies in the namespace of what it owns.
  return filter.surelyTakes(objectKey(splitObjectKey(object.key, true).namespace, owner.name));
}

interface Owner {
  /** "apps/ReplicaSet" */
  readonly kind: string;
  readonly name: string;
}

function controllerOf(object: JsonObject): Owner | undefined {
  const metadata = object.metadata;
  if (!isJsonObject(metadata) || !Array.isArray(metadata.ownerReferences)) return undefined;
  for (const reference of metadata.ownerReferences) {
    if (!isJsonObject(reference) || reference.controller !== true) continue;
    return { kind: `${groupOf(String(reference.apiVersion))}/${String(reference.kind)}`, name: String(reference.name) };
  }
  return undefined;
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}
