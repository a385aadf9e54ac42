import { annotation, type CleaningRule, present, types } from "../rule.ts";

/** Who asked OpenShift for a project; its name for people and its description stay. */
export const projectRequester: CleaningRule = {
  id: "project-requester",
  title: "the annotation openshift.io/requester",
  of: "Namespace",
  reason: "OpenShift notes there who asked for the project; it grants nothing",
  source: "OpenShift documentation, Configuring project creation",
  keptWhen: "owned",
  appliesTo: types("", "Namespace"),
  find: (object) => present(object, annotation("openshift.io/requester")),
};
