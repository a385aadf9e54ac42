import type { ResourceType } from "@kubeferry/model";

/** One of Kubernetes' own types, as far as rights need it. */
export type OwnType = Pick<ResourceType, "group" | "resource" | "kind" | "namespaced">;

/** Group → plural and kind of its types; those that live in no namespace are marked with "*". */
const OWN: Readonly<Record<string, string>> = {
  "": "componentstatuses*:ComponentStatus configmaps:ConfigMap endpoints:Endpoints events:Event limitranges:LimitRange namespaces*:Namespace nodes*:Node persistentvolumeclaims:PersistentVolumeClaim persistentvolumes*:PersistentVolume pods:Pod podtemplates:PodTemplate replicationcontrollers:ReplicationController resourcequotas:ResourceQuota secrets:Secret serviceaccounts:ServiceAccount services:Service",
  "admissionregistration.k8s.io":
    "mutatingadmissionpolicies*:MutatingAdmissionPolicy mutatingadmissionpolicybindings*:MutatingAdmissionPolicyBinding mutatingwebhookconfigurations*:MutatingWebhookConfiguration validatingadmissionpolicies*:ValidatingAdmissionPolicy validatingadmissionpolicybindings*:ValidatingAdmissionPolicyBinding validatingwebhookconfigurations*:ValidatingWebhookConfiguration",
  "apiextensions.k8s.io": "customresourcedefinitions*:CustomResourceDefinition",
  "apiregistration.k8s.io": "apiservices*:APIService",
  apps: "controllerrevisions:ControllerRevision daemonsets:DaemonSet deployments:Deployment replicasets:ReplicaSet statefulsets:StatefulSet",
  autoscaling: "horizontalpodautoscalers:HorizontalPodAutoscaler",
  batch: "cronjobs:CronJob jobs:Job",
  "certificates.k8s.io":
    "certificatesigningrequests*:CertificateSigningRequest clustertrustbundles*:ClusterTrustBundle podcertificaterequests:PodCertificateRequest",
  "coordination.k8s.io": "leasecandidates:LeaseCandidate leases:Lease",
  "discovery.k8s.io": "endpointslices:EndpointSlice",
  "events.k8s.io": "events:Event",
  "flowcontrol.apiserver.k8s.io": "flowschemas*:FlowSchema prioritylevelconfigurations*:PriorityLevelConfiguration",
  "internal.apiserver.k8s.io": "storageversions*:StorageVersion",
  "networking.k8s.io":
    "ingressclasses*:IngressClass ingresses:Ingress ipaddresses*:IPAddress networkpolicies:NetworkPolicy servicecidrs*:ServiceCIDR",
  "node.k8s.io": "runtimeclasses*:RuntimeClass",
  policy: "poddisruptionbudgets:PodDisruptionBudget",
  "rbac.authorization.k8s.io":
    "clusterrolebindings*:ClusterRoleBinding clusterroles*:ClusterRole rolebindings:RoleBinding roles:Role",
  "resource.k8s.io":
    "deviceclasses*:DeviceClass devicetaintrules*:DeviceTaintRule resourceclaims:ResourceClaim resourceclaimtemplates:ResourceClaimTemplate resourceslices*:ResourceSlice",
  "scheduling.k8s.io": "priorityclasses*:PriorityClass workloads:Workload",
  "storage.k8s.io":
    "csidrivers*:CSIDriver csinodes*:CSINode csistoragecapacities:CSIStorageCapacity storageclasses*:StorageClass volumeattachments*:VolumeAttachment volumeattributesclasses*:VolumeAttributesClass",
  "storagemigration.k8s.io": "storageversionmigrations*:StorageVersionMigration",
};

/** Kubernetes' own types up to 1.35 that can be listed, whether or not a cluster serves all of them. */
export const KUBERNETES_TYPES: readonly OwnType[] = Object.entries(OWN).flatMap(([group, types]) =>
  types.split(" ").map((each) => {
    const [plural = "", kind = ""] = each.split(":");
    const resource = plural.replace("*", "");
    return { group, resource, kind, namespaced: resource === plural };
  }),
);
