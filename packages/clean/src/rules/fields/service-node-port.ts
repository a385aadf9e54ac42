import { valueAt } from "../../path.ts";
import { type CleaningRule, types } from "../rule.ts";

/** Node ports that the API server chose; one that a client wrote is in last-applied or managedFields and stays. */
export const serviceNodePort: CleaningRule = {
  id: "service-node-port",
  title: "allocated nodePort of a Service's port",
  of: "Service",
  reason: "the API server allocated the port; it may be taken elsewhere",
  source: "Kubernetes documentation, Service, type NodePort",
  keptWhen: "written",
  appliesTo: types("", "Service"),
  find(object) {
    const ports = valueAt(object, ["spec", "ports"]);
    if (!Array.isArray(ports)) return [];
    const paths = ports.map((_, index) => ["spec", "ports", index, "nodePort"]);
    return paths.filter((path) => valueAt(object, path) !== undefined);
  },
};
