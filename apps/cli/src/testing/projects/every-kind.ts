import type { JsonObject, JsonValue } from "@kubeferry/model";

const RBAC = "rbac.authorization.k8s.io/v1";
const GROUP = "every.example.com";
const LABELS = { app: "web" };
const PORTS = [{ name: "http", port: 80, targetPort: 8080 }];
const POD = { containers: [{ name: "main", image: "example.com/shop/web:1.2.3", ports: [{ containerPort: 8080 }] }] };
const TEMPLATE = { metadata: { labels: LABELS }, spec: POD };
const SELECTED = { selector: { matchLabels: LABELS }, template: TEMPLATE };
const ONCE = { template: { metadata: { labels: { app: "once" } }, spec: { ...POD, restartPolicy: "Never" } } };
const STORAGE = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
const READ_PODS = [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }];

/** Above what fits beside a copy of itself in an annotation of 256 KiB. */
const LARGE = "0123456789abcdef".repeat(13_000);

/** What the objects below need of the cluster. */
export const CLUSTER_WIDE: readonly JsonObject[] = [
  {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `widgets.${GROUP}` },
    spec: {
      group: GROUP,
      scope: "Namespaced",
      names: { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        },
      ],
    },
  },
  of("storage.k8s.io/v1", "StorageClass", "every", { provisioner: "csi.example.com", parameters: { type: "fast" } }),
  of("scheduling.k8s.io/v1", "PriorityClass", "every", { value: 1000 }),
  of("networking.k8s.io/v1", "IngressClass", "every", { spec: { controller: "example.com/ingress" } }),
  of(RBAC, "ClusterRole", "every-part", { rules: READ_PODS }, { labels: { "every.example.com/part": "true" } }),
  of(RBAC, "ClusterRole", "every-whole", {
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { "every.example.com/part": "true" } }] },
    rules: [],
  }),
  of(RBAC, "ClusterRoleBinding", "every", {
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "every-part" },
    subjects: [{ kind: "ServiceAccount", name: "web", namespace: "every" }],
  }),
];

/**
 * Some thirty kinds of one namespace, with what is hard to compare: empty values, allocated and chosen addresses, ports
 * that occur twice, defaults in lists, autoscaled workloads, integers above 2^53, more than 200 KB.
 */
export function everyKind(namespace: string): JsonObject[] {
  const inside = (apiVersion: string, kind: string, name: string, more: JsonObject): JsonObject =>
    of(apiVersion, kind, name, more, { namespace });
  const service = (name: string, spec: JsonObject) =>
    inside("v1", "Service", name, { spec: { selector: LABELS, ports: PORTS, ...spec } });
  const deployment = (name: string, spec: JsonObject) =>
    inside("apps/v1", "Deployment", name, { spec: { ...SELECTED, ...spec } });
  const subjects: JsonValue = [{ kind: "ServiceAccount", name: "web", namespace }];
  return [
    inside("v1", "ConfigMap", "settings", {
      data: { n: "y", octal: "0777", empty: "" },
      binaryData: { bin: "AAECAw==" },
    }),
    inside("v1", "ConfigMap", "bare", {}),
    inside("v1", "ConfigMap", "large", { data: { text: LARGE } }),
    inside("v1", "ServiceAccount", "web", { imagePullSecrets: [{ name: "registry" }] }),
    service("plain", {}),
    service("headless", { clusterIP: "None" }),
    service("ports", { type: "NodePort" }),
    service("external", { type: "ExternalName", externalName: "db.example.com" }),
    service("balanced", { type: "LoadBalancer", externalTrafficPolicy: "Local" }),
    service("twice", {
      ports: [
        { name: "dns", port: 53, protocol: "UDP" },
        { name: "dns-tcp", port: 53, protocol: "TCP" },
      ],
    }),
    inside("v1", "PersistentVolumeClaim", "data", { spec: { ...STORAGE, storageClassName: "" } }),
    inside("v1", "LimitRange", "claims", {
      spec: { limits: [{ type: "PersistentVolumeClaim", max: { storage: "9Gi" } }] },
    }),
    inside("v1", "ResourceQuota", "count", { spec: { hard: { configmaps: "100" } } }),
    inside("v1", "PodTemplate", "web", { template: TEMPLATE }),
    inside("v1", "ReplicationController", "old", {
      spec: { replicas: 0, selector: { app: "old" }, template: { metadata: { labels: { app: "old" } }, spec: POD } },
    }),
    deployment("web", { replicas: 2 }),
    deployment("scaled", { replicas: 2 }),
    deployment("free", {}),
    scaler(namespace, "scaled", "autoscaling/v2"),
    scaler(namespace, "free", "autoscaling/v2"),
    scaler(namespace, "web", "autoscaling/v1"),
    inside("apps/v1", "ReplicaSet", "bare", {
      spec: {
        replicas: 0,
        selector: { matchLabels: { of: "nobody" } },
        template: { metadata: { labels: { of: "nobody" } }, spec: POD },
      },
    }),
    inside("apps/v1", "DaemonSet", "log", { spec: SELECTED }),
    inside("apps/v1", "StatefulSet", "db", {
      spec: {
        serviceName: "headless",
        replicas: 1,
        ...SELECTED,
        volumeClaimTemplates: [{ metadata: { name: "data" }, spec: { ...STORAGE, storageClassName: "every" } }],
      },
    }),
    inside("batch/v1", "Job", "once", { spec: ONCE }),
    inside("batch/v1", "CronJob", "often", {
      spec: { schedule: "0 4 * * *", suspend: true, jobTemplate: { spec: ONCE } },
    }),
    inside("policy/v1", "PodDisruptionBudget", "web", { spec: { minAvailable: 1, selector: { matchLabels: LABELS } } }),
    inside("networking.k8s.io/v1", "Ingress", "web", {
      spec: { ingressClassName: "every", defaultBackend: { service: { name: "plain", port: { number: 80 } } } },
    }),
    inside("networking.k8s.io/v1", "NetworkPolicy", "open", {
      spec: {
        podSelector: {},
        ingress: [{ from: [{ namespaceSelector: {} }] }, {}],
        policyTypes: ["Ingress", "Egress"],
      },
    }),
    inside(RBAC, "Role", "reader", { rules: READ_PODS }),
    inside(RBAC, "RoleBinding", "reader", {
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" },
      subjects,
    }),
    inside(`${GROUP}/v1`, "Widget", "blue", {
      spec: { list: [{ uid: "x", status: {} }, {}, []], empty: { map: {}, list: [], text: "" } },
    }),
    inside(`${GROUP}/v1`, "Widget", "exact", { spec: { serial: 9007199254740993n } }),
  ];
}

function scaler(namespace: string, target: string, apiVersion: string): JsonObject {
  const spec = { maxReplicas: 9, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: target } };
  return { apiVersion, kind: "HorizontalPodAutoscaler", metadata: { name: target, namespace }, spec };
}

function of(apiVersion: string, kind: string, name: string, more: JsonObject, metadata: JsonObject = {}): JsonObject {
  return { apiVersion, kind, metadata: { name, ...metadata }, ...more };
}
