import { annotation, type CleaningRule, present, types } from "../rule.ts";

/** The mark by which Kubernetes 1.23 to 1.26 knew Jobs whose Pods it counts by finalizers. */
export const jobTracking: CleaningRule = {
  id: "job-tracking",
  title: "the annotation batch.kubernetes.io/job-tracking",
  of: "Job",
  reason: "the API server set it until 1.26; nothing reads it since",
  source: "Kubernetes documentation, Well-Known Labels, batch.kubernetes.io/job-tracking",
  keptWhen: "owned",
  appliesTo: types("batch", "Job"),
  find: (object) => present(object, annotation("batch.kubernetes.io/job-tracking")),
};
