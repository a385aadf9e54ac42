import { valueAt } from "../../path.ts";
import type { CleaningRule } from "../rule.ts";
import { hasTemplate, TEMPLATE_METADATA } from "../template-metadata.ts";

/** The null that API servers up to 1.32 write into every template; a template is never created. */
export const templateCreationTime: CleaningRule = {
  id: "template-creation-time",
  title: "creationTimestamp: null in a template",
  of: "workloads with a template",
  reason: "older API servers write this null into every template; a template has no time of creation",
  source: "Kubernetes API reference, ObjectMeta.creationTimestamp",
  keptWhen: "owned",
  appliesTo: hasTemplate,
  find: (object) =>
    TEMPLATE_METADATA.map((path) => [...path, "creationTimestamp"]).filter((path) => valueAt(object, path) === null),
};
