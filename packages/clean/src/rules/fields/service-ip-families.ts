import { type CleaningRule, present, types } from "../rule.ts";

/** Address families that the API server filled in; with addresses of one's own they stay, since both must agree. */
export const serviceIpFamilies: CleaningRule = {
  id: "service-ip-families",
  title: "ipFamilies and ipFamilyPolicy that nobody chose",
  of: "Service",
  reason: "the API server fills in what this cluster's network has; another's may differ",
  source: "Kubernetes documentation, IPv4/IPv6 dual-stack, Services",
  keptWhen: "written",
  appliesTo: types("", "Service"),
  find: (object, { evidence }) =>
    evidence.isWritten(["spec", "clusterIPs"])
      ? []
      : present(object, ["spec", "ipFamilies"], ["spec", "ipFamilyPolicy"]),
};
