import { valueAt } from "../../path.ts";
import type { DropRule } from "../rule.ts";

const KINDS = new Set(["/Service", "/Endpoints", "discovery.k8s.io/EndpointSlice"]);

/** The API server's address inside the cluster, default/kubernetes. */
export const apiServerService: DropRule = {
  id: "api-server-service",
  title: "the Service kubernetes in the namespace default, and its addresses",
  of: "Service, Endpoints, EndpointSlice",
  reason: "the API server makes them for itself",
  source: "Kubernetes documentation, Accessing the API from a Pod; pkg/controlplane kubernetesservice",
  keptWhen: "owned",
  appliesTo: ({ group, kind }) => KINDS.has(`${group}/${kind}`),
  matches: (object) =>
    valueAt(object, ["metadata", "namespace"]) === "default" && valueAt(object, ["metadata", "name"]) === "kubernetes",
};
