import { annotation, type CleaningRule, present, types } from "../rule.ts";

/** The ranges of users, groups and SELinux levels that OpenShift hands out, one per namespace. */
export const namespaceRanges: CleaningRule = {
  id: "namespace-ranges",
  title: "ranges for security context constraints: openshift.io/sa.scc.*",
  of: "Namespace",
  reason: "OpenShift hands out the ranges, each once in a cluster; in another they may be taken",
  source: "OpenShift documentation, Managing security context constraints, pre-allocated values",
  keptWhen: "owned",
  appliesTo: types("", "Namespace"),
  find: (object) =>
    present(
      object,
      annotation("openshift.io/sa.scc.mcs"),
      annotation("openshift.io/sa.scc.supplemental-groups"),
      annotation("openshift.io/sa.scc.uid-range"),
    ),
};
