import { type CleaningRule, present, types } from "../rule.ts";

/** The template generation that the API server counts on DaemonSets. */
export const daemonSetGeneration: CleaningRule = {
  id: "daemon-set-generation",
  title: "the template generation annotation of a DaemonSet",
  of: "DaemonSet",
  reason: "the API server counts template changes there and sets it anew",
  source: "k8s.io/api/apps/v1, DeprecatedTemplateGeneration",
  keptWhen: "owned",
  appliesTo: types("apps", "DaemonSet"),
  find: (object) => present(object, ["metadata", "annotations", "deprecated.daemonset.template.generation"]),
};
