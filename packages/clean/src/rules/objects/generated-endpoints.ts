import { valueAt } from "../../path.ts";
import { type DropRule, types } from "../rule.ts";

const TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";
const MANAGED_BY = "endpoints.kubernetes.io/managed-by";

/** Endpoints that follow a Service's selector; those made by hand bear neither mark and stay. */
export const generatedEndpoints: DropRule = {
  id: "generated-endpoints",
  title: "Endpoints made for a Service with a selector",
  of: "Endpoints",
  reason: "the endpoints controller makes them of the Pods that run",
  source: "k8s.io/api/core/v1 EndpointsLastChangeTriggerTime; kubernetes pkg/controller/endpoint, LabelManagedBy",
  keptWhen: "owned",
  appliesTo: types("", "Endpoints"),
  matches: (object) =>
    valueAt(object, ["metadata", "labels", MANAGED_BY]) === "endpoint-controller" ||
    valueAt(object, ["metadata", "annotations", TRIGGER_TIME]) !== undefined,
};
