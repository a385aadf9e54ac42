import { annotationOf, at, type JsonObject, textAt } from "@kubeferry/model";

/**
 * Why a PersistentVolume is not brought into another cluster: both would own the storage behind it, and one of them
 * removes it with its claim. In the cluster that it was captured in there is no other owner.
 * @param volume as it was captured
 */
export function volumeObstacle(volume: JsonObject, sameCluster: boolean): string | undefined {
  if (sameCluster) return undefined;
  const provisioner = annotationOf(volume, "pv.kubernetes.io/provisioned-by");
  if (provisioner !== undefined) {
    return `${provisioner} made this volume for another cluster, and two clusters would own it; its claim gets a new one`;
  }
  const policy = textAt(volume, "spec", "persistentVolumeReclaimPolicy");
  if (policy !== "Delete") return undefined;
  return "its reclaim policy is Delete: removing the claim in one cluster would remove the data of the other";
}

/** What is to be said of a volume that comes back into its own cluster; undefined when nothing is. */
export function volumeNote(volume: JsonObject): string | undefined {
  if (textAt(volume, "spec", "persistentVolumeReclaimPolicy") !== "Delete") return undefined;
  return "the disk behind it may be gone: its reclaim policy is Delete";
}

/** Which claim a PersistentVolume is kept for. */
export interface ClaimRef {
  readonly namespace: string;
  readonly name: string;
  /** Absent: for any claim of that name. */
  readonly uid?: string;
}

/** The claim that a PersistentVolume names; undefined when it names none. */
export function claimRefOf(volume: JsonObject): ClaimRef | undefined {
  const namespace = textAt(volume, "spec", "claimRef", "namespace");
  const name = textAt(volume, "spec", "claimRef", "name");
  const uid = textAt(volume, "spec", "claimRef", "uid");
  if (namespace === undefined || name === undefined) return undefined;
  return { namespace, name, ...(uid === undefined ? {} : { uid }) };
}

/** The volume that a PersistentVolumeClaim was bound to, or asked for. */
export function volumeNameOf(claim: JsonObject): string | undefined {
  const name = textAt(claim, "spec", "volumeName");
  return name === "" ? undefined : name;
}

/** A claim without its volume: which one it gets is looked at in the target. */
export function withoutVolume(claim: JsonObject): JsonObject {
  const spec = at(claim, "spec");
  if (volumeNameOf(claim) === undefined || typeof spec !== "object") return claim;
  const { volumeName: _, ...rest } = spec as JsonObject;
  return { ...claim, spec: rest };
}
