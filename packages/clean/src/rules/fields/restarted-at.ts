import { type CleaningRule, present } from "../rule.ts";
import { hasTemplate, TEMPLATE_METADATA } from "../template-metadata.ts";

const RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

/** The time of the last `kubectl rollout restart`, in the template of a workload. */
export const restartedAt: CleaningRule = {
  id: "restarted-at",
  title: "the restartedAt annotation of a template",
  of: "workloads with a template",
  reason: "`kubectl rollout restart` writes it to make new Pods once; nobody wants the same time elsewhere",
  source: "kubectl documentation, rollout restart",
  keptWhen: "owned",
  appliesTo: hasTemplate,
  find: (object) => present(object, ...TEMPLATE_METADATA.map((path) => [...path, "annotations", RESTARTED_AT])),
};
