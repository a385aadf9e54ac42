import { createHash } from "node:crypto";
import { isJsonObject, type JsonArray, type JsonObject, type JsonValue, objectsAt } from "@kubeferry/model";
import { BackupError } from "../backup-error.ts";

/** Names the CronJob that a Job of ours was made from, so that Jobs of ours are found. */
export const JOB_LABEL = "kubeferry.io/announced-to";

/** What a Job is made for. */
export interface JobWish {
  /** Equal for every try of one announcement: a Job is made once. */
  readonly id: string;
  /** W3C Trace Context of the backup; handed to the containers as `TRACEPARENT`. */
  readonly traceparent: string | undefined;
}

/**
 * The Job that `kubectl create job --from=cronjob/…` makes of a CronJob, with a name and a label of ours.
 * @throws BackupError "invalid" for something that is no CronJob
 */
export function jobOf(cronJob: JsonObject, { id, traceparent }: JobWish): JsonObject {
  const { name, uid } = objectOf(cronJob, "metadata");
  const template = objectOf(objectOf(cronJob, "spec"), "jobTemplate");
  if (typeof name !== "string" || typeof uid !== "string" || !isJsonObject(template.spec)) throw noCronJob();
  const { labels, annotations } = objectOf(template, "metadata");
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: jobName(name, id),
      labels: { ...(isJsonObject(labels) ? labels : {}), [JOB_LABEL]: name },
      annotations: {
        ...(isJsonObject(annotations) ? annotations : {}),
        "cronjob.kubernetes.io/instantiate": "manual",
      },
      // Without blockOwnerDeletion, which would ask for a right on the CronJob's finalizers.
      ownerReferences: [{ apiVersion: "batch/v1", kind: "CronJob", name, uid, controller: true }],
    },
    spec: traceparent === undefined ? template.spec : withTrace(template.spec, traceparent),
  };
}

/** A label of its Pods takes 63 characters; a CronJob's name has at most 52. */
function jobName(cronJob: string, id: string): string {
  const digest = createHash("sha256").update(id).digest("hex").slice(0, 10);
  return `${cronJob.slice(0, 52).replace(/[-.]+$/, "")}-${digest}`;
}

/** The Job's spec, its containers told which trace they go on with. */
function withTrace(spec: JsonObject, traceparent: string): JsonObject {
  const template = objectOf(spec, "template");
  const podSpec = objectOf(template, "spec");
  const containers: JsonArray = objectsAt(podSpec, "containers").map((container) => ({
    ...container,
    env: [...otherVariables(container), { name: "TRACEPARENT", value: traceparent }],
  }));
  return { ...spec, template: { ...template, spec: { ...podSpec, containers } } };
}

function otherVariables(container: JsonObject): readonly JsonValue[] {
  return objectsAt(container, "env").filter(({ name }) => name !== "TRACEPARENT");
}

function objectOf(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isJsonObject(value) ? value : {};
}

function noCronJob(): BackupError {
  return new BackupError({
    kind: "invalid",
    who: "announce",
    operation: "make a Job",
    problem: "the API server's answer is no CronJob",
    next: "check announce.cronJob",
  });
}
