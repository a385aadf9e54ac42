import { type CleaningRule, present } from "../rule.ts";

/** The rollout number that the Deployment controller counts. */
export const deploymentRevision: CleaningRule = {
  id: "deployment-revision",
  title: "the revision annotation of a Deployment",
  reason: "the Deployment controller counts rollouts there and sets it anew",
  source: "Kubernetes documentation, Well-Known Labels, deployment.kubernetes.io/revision",
  keptWhen: "owned",
  appliesTo: (type) => type.group === "apps" && type.kind === "Deployment",
  find: (object) => present(object, ["metadata", "annotations", "deployment.kubernetes.io/revision"]),
};
