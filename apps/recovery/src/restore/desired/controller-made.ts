import { type JsonObject, objectsAt, textAt } from "@kubeferry/model";
import { capturedOwners } from "./captured-owners.ts";

/** Controllers of Kubernetes' own types: what they own they make again. */
const CONTROLLERS: ReadonlySet<string> = new Set([
  "/Node",
  "/ReplicationController",
  "/Service",
  "apps/DaemonSet",
  "apps/Deployment",
  "apps/ReplicaSet",
  "apps/StatefulSet",
  "batch/CronJob",
  "batch/Job",
]);

/**
 * Why an object is not brought back although it could be: a controller of Kubernetes itself makes it out of another
 * object, or it has run to its end and would run again. Whoever owns it without controlling it does not matter.
 */
export function controllerMade(
  object: JsonObject,
  { group, kind }: { group: string; kind: string },
): string | undefined {
  const controller = capturedOwners(object).find((owner) => owner.controller);
  if (controller !== undefined && CONTROLLERS.has(`${controller.group}/${controller.kind}`)) {
    return `${controller.kind} ${controller.name} makes it`;
  }
  const type = `${group}/${kind}`;
  if (type === "batch/Job" && isFinished(object)) return "it has finished, and would run again";
  if (type === "/Pod" && hasEnded(object)) return "it has ended, and would run again";
  return undefined;
}

function isFinished(job: JsonObject): boolean {
  const conditions = objectsAt(job, "status", "conditions");
  return conditions.some(({ type, status }) => (type === "Complete" || type === "Failed") && status === "True");
}

function hasEnded(pod: JsonObject): boolean {
  const phase = textAt(pod, "status", "phase");
  return phase === "Succeeded" || phase === "Failed";
}
