import type { Cleaner } from "@kubeferry/clean";
import { type JsonObject, objectsAt, textAt, typeName } from "@kubeferry/model";
import { clusterMade } from "../desired/cluster-made.ts";
import { foreignFinalizers } from "../desired/finalizers.ts";
import { claimRefOf } from "../desired/volumes.ts";
import { argoApplicationOf } from "../plan/argo-managed.ts";
import type { PlannedObject, PruneSettings, RestoreSettings } from "../restore-plan.ts";

/** What decides. */
export interface Deciding {
  readonly cleaner: Cleaner;
  readonly prune: PruneSettings;
  readonly settings: Pick<RestoreSettings, "argoManaged">;
}

/**
 * Why something that did not exist then is not removed.
 * @returns undefined where it is; "unmentioned" for what the cluster or a controller makes: it goes, or comes, with what
 * it is made of
 */
export function staysBecause(
  live: JsonObject,
  object: PlannedObject,
  { cleaner, prune, settings }: Deciding,
): string | undefined {
  if (objectsAt(live, "metadata", "ownerReferences").length > 0) return "unmentioned";
  if (clusterMade(object, object.namespace, object.name, live) !== undefined) return "unmentioned";
  if (cleaner.dropReason(live, object) !== undefined) return "unmentioned";
  if (textAt(live, "metadata", "deletionTimestamp") !== undefined) return "unmentioned";
  if (typeName(object) === "persistentvolumes" && claimRefOf(live) !== undefined) return "a claim is bound to it";
  if (typeName(object) === "persistentvolumeclaims" && !prune.persistentVolumes) {
    return "what is stored in it would go with it, and is in no backup (--prune-persistent-volumes)";
  }
  const application = argoApplicationOf(live);
  if (application !== undefined && settings.argoManaged === "block") {
    return `Argo CD manages it (Application ${application}) and would make it again`;
  }
  const foreign = foreignFinalizers(live);
  if (foreign.length > 0 && !prune.foreignFinalizers) {
    return `finalizer ${foreign.join(", ")} may do more than take it away (--prune-foreign-finalizers)`;
  }
  return undefined;
}
