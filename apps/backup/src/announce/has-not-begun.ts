import { type JsonObject, objectsAt, textAt } from "@kubeferry/model";

/** Whether a Job will still read what is in the store now: one that began may have read the store before, and one that is being removed reads nothing. */
export function hasNotBegun(job: JsonObject): boolean {
  const began = textAt(job, "status", "startTime") !== undefined || objectsAt(job, "status", "conditions").length > 0;
  return !began && textAt(job, "metadata", "deletionTimestamp") === undefined;
}
