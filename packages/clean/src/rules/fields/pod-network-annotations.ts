import { annotation, type CleaningRule, present, types } from "../rule.ts";

/** What network plugins and admission noted on one running Pod; requests for networks are content. */
export const podNetworkAnnotations: CleaningRule = {
  id: "pod-network-annotations",
  title: "addresses and security constraints noted on a running Pod",
  of: "Pod",
  reason: "the network plugin and the admission of this cluster wrote them for this one run",
  source: "OVN-Kubernetes, Multus and Calico documentation; OpenShift documentation, openshift.io/scc",
  keptWhen: "owned",
  appliesTo: types("", "Pod"),
  find: (object) =>
    present(
      object,
      annotation("k8s.ovn.org/pod-networks"),
      annotation("k8s.v1.cni.cncf.io/network-status"),
      annotation("k8s.v1.cni.cncf.io/networks-status"),
      annotation("cni.projectcalico.org/containerID"),
      annotation("cni.projectcalico.org/podIP"),
      annotation("cni.projectcalico.org/podIPs"),
      annotation("openshift.io/scc"),
    ),
};
