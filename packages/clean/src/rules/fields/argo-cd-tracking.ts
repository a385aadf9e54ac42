import { valueAt } from "../../path.ts";
import { type CleaningRule, present } from "../rule.ts";

const TRACKING: readonly string[] = ["metadata", "annotations", "argocd.argoproj.io/tracking-id"];
const INSTALLATION: readonly string[] = ["metadata", "annotations", "argocd.argoproj.io/installation-id"];

/** What Argo CD writes on each object of an Application that is ours; another's stays, as does the instance label. */
export const argoCdTracking: CleaningRule = {
  id: "argo-cd-tracking",
  title: "Argo CD's tracking annotations of our own Applications",
  of: "every object",
  reason: "Argo CD wrote it when it synced what we generated, and writes it again",
  source: "Argo CD documentation, Resource Tracking",
  keptWhen: "nothing",
  appliesTo: () => true,
  find(object, { options }) {
    const trackingId = valueAt(object, TRACKING);
    if (typeof trackingId !== "string" || options.ours?.(trackingId) !== true) return [];
    return present(object, TRACKING, INSTALLATION);
  },
};
