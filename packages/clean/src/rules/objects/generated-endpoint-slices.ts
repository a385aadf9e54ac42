import { valueAt } from "../../path.ts";
import { type DropRule, types } from "../rule.ts";

const CONTROLLERS: readonly unknown[] = ["endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io"];

/** EndpointSlices that Kubernetes' own controllers keep; those of other managers and of people stay. */
export const generatedEndpointSlices: DropRule = {
  id: "generated-endpoint-slices",
  title: "EndpointSlices made for a Service or mirrored from Endpoints",
  of: "EndpointSlice",
  reason: "a controller of Kubernetes makes them of the Pods that run, or of Endpoints that are kept",
  source: "Kubernetes documentation, EndpointSlices, Management",
  keptWhen: "owned",
  appliesTo: types("discovery.k8s.io", "EndpointSlice"),
  matches: (object) =>
    CONTROLLERS.includes(valueAt(object, ["metadata", "labels", "endpointslice.kubernetes.io/managed-by"])),
};
