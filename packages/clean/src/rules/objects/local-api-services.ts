import { valueAt } from "../../path.ts";
import { type DropRule, types } from "../rule.ts";

/** How the API server names its own groups; an aggregated API has the address of a Service and stays. */
export const localApiServices: DropRule = {
  id: "local-api-services",
  title: "APIServices of the API server's own groups and of CustomResourceDefinitions",
  of: "APIService",
  reason: "the API server makes one for every group version that it serves itself",
  source:
    "Kubernetes documentation, Aggregation layer; kube-aggregator autoregister, kube-aggregator.kubernetes.io/automanaged",
  keptWhen: "owned",
  appliesTo: types("apiregistration.k8s.io", "APIService"),
  matches: (object) =>
    valueAt(object, ["metadata", "labels", "kube-aggregator.kubernetes.io/automanaged"]) !== undefined &&
    (valueAt(object, ["spec", "service"]) ?? null) === null,
};
