import { annotation, type CleaningRule, present, types } from "../rule.ts";

/** The rollout numbers that the Deployment controller counts. */
export const deploymentRevision: CleaningRule = {
  id: "deployment-revision",
  title: "rollout annotations: revision, desired and greatest number of replicas",
  of: "Deployment, ReplicaSet",
  reason: "the Deployment controller counts rollouts there and sets them anew",
  source:
    "Kubernetes documentation, Well-Known Labels, deployment.kubernetes.io/revision; pkg/controller/deployment/util",
  keptWhen: "owned",
  appliesTo: types("apps", "Deployment", "ReplicaSet"),
  find: (object) =>
    present(
      object,
      annotation("deployment.kubernetes.io/revision"),
      annotation("deployment.kubernetes.io/revision-history"),
      annotation("deployment.kubernetes.io/desired-replicas"),
      annotation("deployment.kubernetes.io/max-replicas"),
    ),
};
