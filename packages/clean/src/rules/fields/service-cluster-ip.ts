import { valueAt } from "../../path.ts";
import { type CleaningRule, present, types } from "../rule.ts";

/**
 * Addresses that the API server chose. `None` makes a Service headless and always stays; an address that a client
 * wrote stays as well, and with clusterIPs always clusterIP, since the server refuses the list alone.
 */
export const serviceClusterIp: CleaningRule = {
  id: "service-cluster-ip",
  title: "allocated clusterIP and clusterIPs of a Service",
  of: "Service",
  reason: "the API server allocated the address; another cluster or namespace cannot use it",
  source: "Kubernetes documentation, Service ClusterIP allocation; registry/core/service/storage normalizeClusterIPs",
  keptWhen: "written",
  appliesTo: types("", "Service"),
  find(object, { evidence }) {
    const single = ["spec", "clusterIP"];
    const list = ["spec", "clusterIPs"];
    const staysSingle = valueAt(object, single) === "None" || evidence.isWritten(list) || evidence.isWritten(single);
    return present(object, ...(staysSingle ? [list] : [single, list]));
  },
};
