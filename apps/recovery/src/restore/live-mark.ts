import { createHash } from "node:crypto";
import { type Cleaner, emitJson } from "@kubeferry/clean";
import { type JsonObject, textAt } from "@kubeferry/model";
import { isSecrets } from "@kubeferry/snapshot";
import type { LiveMark, PlannedObject } from "./restore-plan.ts";

/**
 * Marks an object that is in the target. Of credentials no digest of their content is made, which could be guessed
 * against: any write of such an object changes its mark.
 */
export function liveMark(live: JsonObject, planned: PlannedObject, cleaner: Cleaner): LiveMark {
  const uid = textAt(live, "metadata", "uid") ?? "";
  const version = textAt(live, "metadata", "resourceVersion") ?? "";
  const told = isSecrets(planned) ? `${uid} ${version}` : emitJson(cleaner.clean(live, planned).object);
  return { uid, digest: createHash("sha256").update(told).digest("hex") };
}
