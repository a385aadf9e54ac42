import type { Cleaner } from "@kubeferry/clean";
import { isJsonObject, type JsonObject, typeName } from "@kubeferry/model";
import type { ComparedType } from "../sides/side.ts";

/** Controllers of Kubernetes itself, by the kind that owner references name. */
const CONTROLLERS: ReadonlySet<string> = new Set([
  "apps/v1 DaemonSet",
  "apps/v1 Deployment",
  "apps/v1 ReplicaSet",
  "apps/v1 StatefulSet",
  "batch/v1 CronJob",
  "batch/v1 Job",
  "v1 ReplicationController",
]);

/** Types whose objects such controllers make and replace all the time. A backup leaves the first two out as well. */
const MADE: ReadonlySet<string> = new Set(["pods", "replicasets.apps", "controllerrevisions.apps", "jobs.batch"]);

/** Why an object is nobody's content, so that it says nothing that it is on one side only; undefined when it is content. */
export function leftOutReason(object: JsonObject, type: ComparedType, cleaner: Cleaner): string | undefined {
  if (MADE.has(typeName(type)) && hasController(object)) return "made by its controller";
  return cleaner.dropReason(object, type)?.reason;
}

function hasController({ metadata }: JsonObject): boolean {
  const owners = isJsonObject(metadata) ? metadata.ownerReferences : undefined;
  if (!Array.isArray(owners)) return false;
  return owners
    .filter(isJsonObject)
    .some(({ controller, apiVersion, kind }) => controller === true && CONTROLLERS.has(`${apiVersion} ${kind}`));
}
