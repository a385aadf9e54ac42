import { type CleanSettings, createCleaner } from "@kubeferry/clean";
import type { Call, RestoreReport } from "@kubeferry/model";
import { createDesired } from "../desired/desired-object.ts";
import { finalObject } from "../desired/final-object.ts";
import { createMapping } from "../desired/mapping.ts";
import { liveMark } from "../live-mark.ts";
import { type ApplyOptions, applyPlan } from "./apply-plan.ts";

/** A plan, and what it is carried out with. */
export interface ApplyRestoreOptions
  extends Pick<ApplyOptions, "plan" | "snapshot" | "kube" | "writer" | "concurrency" | "waitTimeoutMs" | "now"> {
  /** The section `clean` of the configuration, as the plan was made with. */
  readonly clean: CleanSettings;
}

/**
 * Carries out a plan with objects made as the plan made them. Stopped anywhere, the same call again goes on.
 * @throws RecoveryError before the first write, when the plan is not for this snapshot or cluster, or the snapshot's
 * bytes are not what they should be; KubeError when the API server is gone or does not know us any more
 */
export async function applyRestore(options: ApplyRestoreOptions, call: Call): Promise<RestoreReport> {
  const { plan, snapshot, kube, clean } = options;
  const { uid: targetUid } = await kube.identify({}, call);
  const cleaner = createCleaner(clean);
  const desired = createDesired({
    cleaner,
    mapping: createMapping(plan.settings),
    sameCluster: targetUid === snapshot.manifest.cluster.uid,
    storageClasses: plan.settings.storageClasses,
  });
  const making: Pick<ApplyOptions, "bodyOf" | "markOf"> = {
    bodyOf(captured, entry) {
      const made = desired(captured);
      return made.verdict === "wanted" ? finalObject(made.object, entry) : undefined;
    },
    markOf: (live, planned) => liveMark(live, planned, cleaner),
  };
  return applyPlan({ ...options, ...making, targetUid }, call);
}
