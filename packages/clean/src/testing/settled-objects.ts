import type { JsonObject } from "@kubeferry/model";
import { WIDGET_DEFINITION } from "./kube-objects.ts";

/** Where the namespaced ones are. */
const NAMESPACE = "settled";

function of(apiVersion: string, kind: string, name: string, more: JsonObject, metadata: JsonObject = {}): JsonObject {
  return { apiVersion, kind, metadata: { name, ...metadata }, ...more };
}

function inside(
  apiVersion: string,
  kind: string,
  name: string,
  more: JsonObject,
  metadata: JsonObject = {},
): JsonObject {
  return of(apiVersion, kind, name, more, { namespace: NAMESPACE, ...metadata });
}

const RBAC = "rbac.authorization.k8s.io/v1";
const ADMISSION = "admissionregistration.k8s.io/v1";
const READ_PODS = [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }];
const SUBJECTS = [{ kind: "ServiceAccount", name: "web", namespace: NAMESPACE }];
const PORTS = [{ name: "http", port: 80, protocol: "TCP", targetPort: 8080 }];
const POD = { containers: [{ name: "main", image: "example.com/shop/web:1.2.3", ports: [{ containerPort: 8080 }] }] };
const LABELS = { app: "web" };
const TEMPLATE = { metadata: { labels: LABELS }, spec: POD };
const SELECTED = { selector: { matchLabels: LABELS }, template: TEMPLATE };
const ONCE = { template: { metadata: { labels: { app: "once" } }, spec: { ...POD, restartPolicy: "Never" } } };
const STORAGE = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };

/** No request is sent there: it is asked about a group that nobody serves. */
const WEBHOOK = {
  name: "a.example.com",
  admissionReviewVersions: ["v1"],
  sideEffects: "None",
  clientConfig: { service: { name: "hook", namespace: NAMESPACE } },
  rules: [{ apiGroups: ["nobody.example.com"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["things"] }],
};

/** One group a line: of the cluster, then of the namespace, in an order in which they can be applied. */
export const SETTLED_OBJECTS: readonly JsonObject[] = [
  of("v1", "Namespace", NAMESPACE, {}, { labels: { team: "a" } }),
  WIDGET_DEFINITION,
  of("storage.k8s.io/v1", "StorageClass", "settled", { provisioner: "csi.example.com", parameters: { type: "fast" } }),
  of("storage.k8s.io/v1", "CSIDriver", "settled.example.com", { spec: { attachRequired: false } }),
  of("v1", "PersistentVolume", "settled", {
    spec: {
      accessModes: ["ReadWriteOnce"],
      capacity: { storage: "1Gi" },
      hostPath: { path: "/tmp/settled" },
      persistentVolumeReclaimPolicy: "Retain",
    },
  }),
  of("scheduling.k8s.io/v1", "PriorityClass", "settled", { value: 1000 }),
  of("networking.k8s.io/v1", "IngressClass", "settled", { spec: { controller: "example.com/ingress" } }),
  of("node.k8s.io/v1", "RuntimeClass", "settled", { handler: "runc" }),
  of(RBAC, "ClusterRole", "settled", { rules: READ_PODS }, { labels: { "settled.example.com/part": "true" } }),
  of(RBAC, "ClusterRole", "settled-whole", {
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { "settled.example.com/part": "true" } }] },
    rules: [],
  }),
  of(RBAC, "ClusterRoleBinding", "settled", {
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "settled" },
    subjects: SUBJECTS,
  }),
  of(ADMISSION, "ValidatingWebhookConfiguration", "settled", { webhooks: [WEBHOOK] }),
  of(ADMISSION, "MutatingWebhookConfiguration", "settled", { webhooks: [WEBHOOK] }),
  of(ADMISSION, "ValidatingAdmissionPolicy", "settled", {
    spec: {
      matchConstraints: { resourceRules: WEBHOOK.rules },
      validations: [{ expression: "true" }],
    },
  }),
  of(ADMISSION, "ValidatingAdmissionPolicyBinding", "settled", {
    spec: { policyName: "settled", validationActions: ["Deny"] },
  }),
  inside("v1", "ConfigMap", "settings", { data: { n: "y", empty: "" }, binaryData: { bin: "AAECAw==" } }),
  inside("v1", "Secret", "key", { type: "example.com/key", data: { key: "eA==" } }),
  inside("v1", "ServiceAccount", "web", { imagePullSecrets: [{ name: "registry" }] }),
  inside("v1", "Service", "plain", { spec: { selector: LABELS, ports: PORTS } }),
  inside("v1", "Service", "headless", { spec: { clusterIP: "None", selector: LABELS, ports: PORTS } }),
  inside("v1", "Service", "ports", { spec: { type: "NodePort", selector: LABELS, ports: PORTS } }),
  inside("v1", "Service", "external", { spec: { type: "ExternalName", externalName: "db.example.com" } }),
  inside("v1", "Service", "balanced", {
    spec: { type: "LoadBalancer", externalTrafficPolicy: "Local", selector: LABELS, ports: PORTS },
  }),
  inside("v1", "Service", "byhand", { spec: { ports: PORTS } }),
  inside("v1", "Endpoints", "byhand", {
    subsets: [{ addresses: [{ ip: "192.0.2.1" }], ports: [{ name: "http", port: 8080, protocol: "TCP" }] }],
  }),
  inside("discovery.k8s.io/v1", "EndpointSlice", "byhand", {
    addressType: "IPv4",
    endpoints: [{ addresses: ["192.0.2.2"] }],
    ports: [{ name: "http", port: 8080, protocol: "TCP" }],
  }),
  inside("v1", "PersistentVolumeClaim", "data", { spec: { ...STORAGE, storageClassName: "" } }),
  inside("v1", "LimitRange", "claims", {
    spec: { limits: [{ type: "PersistentVolumeClaim", max: { storage: "10Gi" } }] },
  }),
  inside("v1", "ResourceQuota", "count", { spec: { hard: { configmaps: "100" } } }),
  inside("v1", "PodTemplate", "web", { template: TEMPLATE }),
  inside("v1", "Pod", "bare", { spec: POD }),
  inside("v1", "ReplicationController", "old", {
    spec: { replicas: 0, selector: { app: "old" }, template: { metadata: { labels: { app: "old" } }, spec: POD } },
  }),
  inside("apps/v1", "Deployment", "web", { spec: { replicas: 1, ...SELECTED } }),
  inside("apps/v1", "ReplicaSet", "bare", { spec: { replicas: 0, ...SELECTED } }, { labels: { of: "nobody" } }),
  inside("apps/v1", "DaemonSet", "log", { spec: SELECTED }),
  inside("apps/v1", "StatefulSet", "db", {
    spec: {
      serviceName: "headless",
      replicas: 1,
      ...SELECTED,
      volumeClaimTemplates: [{ metadata: { name: "data" }, spec: { ...STORAGE, storageClassName: "settled" } }],
    },
  }),
  inside("batch/v1", "Job", "once", { spec: ONCE }),
  inside("batch/v1", "CronJob", "often", {
    spec: { schedule: "0 4 * * *", suspend: true, jobTemplate: { spec: ONCE } },
  }),
  inside("autoscaling/v2", "HorizontalPodAutoscaler", "web", {
    spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" } },
  }),
  inside("policy/v1", "PodDisruptionBudget", "web", { spec: { minAvailable: 1, selector: { matchLabels: LABELS } } }),
  inside("networking.k8s.io/v1", "Ingress", "web", {
    spec: { ingressClassName: "settled", defaultBackend: { service: { name: "plain", port: { number: 80 } } } },
  }),
  inside("networking.k8s.io/v1", "NetworkPolicy", "open", {
    spec: { podSelector: {}, ingress: [{ from: [{ namespaceSelector: {} }] }, {}], policyTypes: ["Ingress", "Egress"] },
  }),
  inside(RBAC, "Role", "reader", { rules: READ_PODS }),
  inside(RBAC, "RoleBinding", "reader", {
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" },
    subjects: SUBJECTS,
  }),
  inside("clean.kubeferry.io/v1", "Widget", "blue", {
    spec: {
      large: 9007199254740993n,
      list: [{ uid: "x", status: {} }, {}, []],
      empty: { map: {}, list: [], text: "" },
    },
  }),
];
