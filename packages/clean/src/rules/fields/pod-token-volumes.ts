import type { JsonObject, JsonValue } from "@kubeferry/model";
import { ownValue, type Path, valueAt } from "../../path.ts";
import { type CleaningRule, elements, types } from "../rule.ts";

const MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
const CONTAINERS = ["containers", "initContainers", "ephemeralContainers"];

/** The volume with the ServiceAccount's token that admission puts into every Pod, and its mounts. */
export const podTokenVolumes: CleaningRule = {
  id: "pod-token-volumes",
  title: "the ServiceAccount token's volume and its mounts in a Pod",
  of: "Pod",
  reason: "admission adds them to every Pod, under a new name",
  source: "Kubernetes documentation, Configure Service Accounts for Pods",
  keptWhen: "written",
  appliesTo: types("", "Pod"),
  find(object) {
    const added = addedVolumes(object);
    const isMount = (one: JsonValue): boolean =>
      added.has(ownValue(one, "name")) && ownValue(one, "mountPath") === MOUNT_PATH;
    const mounts = containersOf(object).flatMap((path) => elements(object, [...path, "volumeMounts"], isMount));
    return [...elements(object, ["spec", "volumes"], (one) => added.has(ownValue(one, "name"))), ...mounts];
  },
};

/** Names of the volumes that admission made, by the form of each. */
function addedVolumes(object: JsonObject): ReadonlySet<JsonValue | undefined> {
  const volumes = valueAt(object, ["spec", "volumes"]);
  const account = valueAt(object, ["spec", "serviceAccountName"]) ?? "default";
  const isAdded = (volume: JsonValue): boolean => {
    const name = ownValue(volume, "name");
    if (typeof name !== "string") return false;
    if (ownValue(volume, "projected") !== undefined) return /^kube-api-access-[a-z0-9]{5}$/.test(name);
    return name.startsWith(`${String(account)}-token-`) && valueAt(volume, ["secret", "secretName"]) === name;
  };
  return new Set(Array.isArray(volumes) ? volumes.filter(isAdded).map((volume) => ownValue(volume, "name")) : []);
}

function containersOf(object: JsonObject): Path[] {
  return CONTAINERS.flatMap((list) => {
    const containers = valueAt(object, ["spec", list]);
    return Array.isArray(containers) ? containers.map((_, index) => ["spec", list, index]) : [];
  });
}
