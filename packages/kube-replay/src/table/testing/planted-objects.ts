import type { JsonObject } from "@kubeferry/model";
import { podObjects } from "./pod-objects.ts";

/** An object as it is put into etcd: below "/registry/", with all but uid and creationTimestamp. */
export interface Planted {
  readonly path: string;
  readonly object: JsonObject;
}

/** One object by the path that it has in etcd; its last part is the name, and the one before it the namespace "shop". */
function planted(
  path: string,
  apiVersion: string,
  kind: string,
  body: JsonObject = {},
  metadata: JsonObject = {},
): Planted {
  const parts = path.split("/");
  const place = parts.at(-2) === "shop" ? { namespace: "shop" } : {};
  return { path, object: { apiVersion, kind, metadata: { name: parts.at(-1) ?? "", ...place, ...metadata }, ...body } };
}

const LABELS = { app: "web", "app.kubernetes.io/part-of": "shop" };
const EXPRESSIONS = [
  { key: "tier", operator: "In", values: ["front", "back"] },
  { key: "old", operator: "DoesNotExist" },
  { key: "app.kubernetes.io/part-of", operator: "Exists" },
  { key: "zone", operator: "NotIn", values: ["b"] },
];
const SELECTOR = { matchLabels: { app: "web", "app.kubernetes.io/part-of": "shop" }, matchExpressions: EXPRESSIONS };
const TEMPLATE = {
  metadata: { labels: LABELS },
  spec: {
    containers: [
      { name: "web", image: "nginx:1.29" },
      { name: "proxy", image: "envoy@sha256:aa" },
    ],
  },
};
const NODE_TEMPLATE = { ...TEMPLATE, spec: { ...TEMPLATE.spec, nodeSelector: { disk: "ssd", arch: "arm64" } } };
const DELETED = { deletionTimestamp: "2025-06-01T00:00:00Z", finalizers: ["a.example/b"] };
const LB_NAME = "a-very-long-load-balancer-name.example.com";

const workloads: readonly Planted[] = [
  planted("deployments/shop/web", "apps/v1", "Deployment", {
    spec: { replicas: 3, selector: SELECTOR, template: TEMPLATE },
    status: { replicas: 3, readyReplicas: 2, updatedReplicas: 1, availableReplicas: 2 },
  }),
  planted("deployments/shop/new", "apps/v1", "Deployment", { spec: { selector: {}, template: TEMPLATE } }),
  planted("replicasets/shop/web-1", "apps/v1", "ReplicaSet", {
    spec: { replicas: 0, selector: SELECTOR, template: TEMPLATE },
    status: { replicas: 2, readyReplicas: 1 },
  }),
  planted("controllers/shop/old", "v1", "ReplicationController", {
    spec: { replicas: 2, selector: LABELS, template: TEMPLATE },
    status: { replicas: 2, readyReplicas: 1 },
  }),
  planted("statefulsets/shop/db", "apps/v1", "StatefulSet", {
    spec: { replicas: 3, serviceName: "db", selector: SELECTOR, template: TEMPLATE },
    status: { replicas: 3, readyReplicas: 1 },
  }),
  planted("daemonsets/shop/agent", "apps/v1", "DaemonSet", {
    spec: { selector: SELECTOR, template: NODE_TEMPLATE },
    status: {
      desiredNumberScheduled: 5,
      currentNumberScheduled: 4,
      numberReady: 3,
      updatedNumberScheduled: 2,
      numberAvailable: 1,
    },
  }),
  planted("daemonsets/shop/bare", "apps/v1", "DaemonSet", { spec: { selector: SELECTOR, template: TEMPLATE } }),
  planted(
    "controllerrevisions/shop/db-1",
    "apps/v1",
    "ControllerRevision",
    { revision: 7, data: {} },
    {
      ownerReferences: [
        { apiVersion: "v1", kind: "ConfigMap", name: "other", uid: "1" },
        { apiVersion: "apps/v1", kind: "StatefulSet", name: "db", uid: "2", controller: true },
      ],
    },
  ),
  planted(
    "controllerrevisions/shop/of-core",
    "apps/v1",
    "ControllerRevision",
    { revision: 1 },
    {
      ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "p", uid: "2", controller: true }],
    },
  ),
  planted("controllerrevisions/shop/of-none", "apps/v1", "ControllerRevision", { revision: 0 }),
  planted("podtemplates/shop/web", "v1", "PodTemplate", { template: TEMPLATE }),
  planted("podtemplates/shop/bare", "v1", "PodTemplate", { template: { spec: { containers: [] } } }),
];

const condition = (type: string, status = "True"): JsonObject => ({ type, status });
const job = (name: string, spec: JsonObject, status: JsonObject = {}, metadata: JsonObject = {}): Planted =>
  planted(`jobs/shop/${name}`, "batch/v1", "Job", { spec: { template: TEMPLATE, ...spec }, status }, metadata);

const jobs: readonly Planted[] = [
  job("new", { completions: 1 }),
  job("running", { completions: 5, selector: SELECTOR }, { startTime: "2025-01-01T00:00:00Z", succeeded: 2 }),
  job(
    "complete",
    { completions: 1 },
    {
      startTime: "2025-01-01T00:00:00Z",
      completionTime: "2025-01-01T00:05:30Z",
      succeeded: 1,
      conditions: [condition("SuccessCriteriaMet"), condition("Complete")],
    },
  ),
  job("failed", { completions: 1 }, { conditions: [condition("FailureTarget"), condition("Failed")] }),
  job("failing", { parallelism: 4 }, { succeeded: 1, conditions: [condition("FailureTarget")] }),
  job("suspended", { parallelism: 1 }, { conditions: [condition("Suspended")] }),
  job("resumed", { completions: 2 }, { conditions: [condition("Suspended", "False")] }),
  job("met", { completions: 2 }, { conditions: [condition("SuccessCriteriaMet")] }),
  job("deleted", { completions: 2 }, { conditions: [condition("Suspended")] }, DELETED),
  planted("cronjobs/shop/nightly", "batch/v1", "CronJob", {
    spec: {
      schedule: "0 2 * * *",
      timeZone: "Europe/Zurich",
      suspend: true,
      jobTemplate: { spec: { template: TEMPLATE, selector: SELECTOR } },
    },
    status: { active: [{ name: "a" }, { name: "b" }], lastScheduleTime: "2025-01-01T02:00:00Z" },
  }),
  planted("cronjobs/shop/never", "batch/v1", "CronJob", {
    spec: { schedule: "@yearly", jobTemplate: { spec: { template: TEMPLATE } } },
  }),
];

const service = (name: string, spec: JsonObject, status: JsonObject = {}): Planted =>
  planted(`services/specs/shop/${name}`, "v1", "Service", { spec, status });
const ingressOf = (...ingress: JsonObject[]): JsonObject => ({ loadBalancer: { ingress } });
const endpointsOf = (name: string, subsets: JsonObject[]): Planted =>
  planted(`services/endpoints/shop/${name}`, "v1", "Endpoints", { subsets });
const slice = (name: string, body: JsonObject): Planted =>
  planted(`endpointslices/shop/${name}`, "discovery.k8s.io/v1", "EndpointSlice", { addressType: "IPv4", ...body });
const ingress = (name: string, spec: JsonObject, status: JsonObject = {}): Planted =>
  planted(`ingress/shop/${name}`, "networking.k8s.io/v1", "Ingress", { spec, status });
const four = [{ ip: "10.0.0.1" }, { ip: "10.0.0.2" }, { ip: "10.0.0.3" }, { ip: "10.0.0.4" }];

const network: readonly Planted[] = [
  service("web", {
    type: "ClusterIP",
    clusterIP: "10.96.0.10",
    clusterIPs: ["10.96.0.10", "fd00::10"],
    selector: LABELS,
    ports: [
      { name: "http", port: 80, protocol: "TCP" },
      { name: "dns", port: 53, protocol: "UDP" },
    ],
  }),
  service("headless", { type: "ClusterIP", clusterIP: "None", clusterIPs: ["None"] }),
  service("external-ips", {
    type: "ClusterIP",
    externalIPs: ["1.2.3.4", "1.2.3.5"],
    ports: [{ port: 1, protocol: "TCP" }],
  }),
  service("node-port", { type: "NodePort", ports: [{ port: 80, nodePort: 30080, protocol: "TCP" }] }),
  service("pending", { type: "LoadBalancer", ports: [{ port: 443, nodePort: 30443, protocol: "TCP" }] }),
  service("balanced", { type: "LoadBalancer" }, ingressOf({ hostname: LB_NAME }, { ip: "9.9.9.9" }, { ip: "9.9.9.9" })),
  service("both", { type: "LoadBalancer", externalIPs: ["1.2.3.4"] }, ingressOf({ ip: "9.9.9.9" })),
  service("fixed", { type: "LoadBalancer", externalIPs: ["1.2.3.4"] }),
  service("elsewhere", { type: "ExternalName", externalName: "db.example.com" }),
  endpointsOf("empty", []),
  endpointsOf("web", [{ addresses: four, ports: [{ port: 80 }, { port: 81 }] }]),
  endpointsOf("headless", [{ addresses: four }, { addresses: [{ ip: "fd00::1" }], ports: [{ port: 80 }] }]),
  endpointsOf("six", [{ addresses: [{ ip: "fd00::1" }], ports: [{ port: 80 }] }]),
  slice("web", {
    ports: [{ name: "a", port: 80 }, { name: "b" }, {}, { port: 81 }],
    endpoints: [{ addresses: ["10.0.0.1", "10.0.0.2"] }, { addresses: ["10.0.0.3", "10.0.0.4", "10.0.0.5"] }],
  }),
  slice("empty", { ports: [], endpoints: [] }),
  ingress(
    "web",
    {
      ingressClassName: "nginx",
      tls: [{ hosts: ["a.example"] }],
      rules: [
        { host: "a.example" },
        { http: { paths: [] } },
        { host: "b.example" },
        { host: "c.example" },
        { host: "d" },
      ],
    },
    ingressOf({ hostname: LB_NAME }, { ip: "9.9.9.9" }),
  ),
  ingress("three", { rules: [{ host: "a" }, { host: "b" }, { host: "c" }] }),
  ingress("any", { defaultBackend: { service: { name: "web", port: { number: 80 } } } }),
  planted("ingressclasses/nginx", "networking.k8s.io/v1", "IngressClass", {
    spec: { controller: "k8s.io/nginx", parameters: { apiGroup: "k8s.example", kind: "Config", name: "main" } },
  }),
  planted("ingressclasses/core", "networking.k8s.io/v1", "IngressClass", {
    spec: { controller: "k8s.io/core", parameters: { kind: "ConfigMap", name: "main" } },
  }),
  planted("ingressclasses/bare", "networking.k8s.io/v1", "IngressClass", { spec: { controller: "k8s.io/bare" } }),
  planted("networkpolicies/shop/some", "networking.k8s.io/v1", "NetworkPolicy", { spec: { podSelector: SELECTOR } }),
  planted("networkpolicies/shop/all", "networking.k8s.io/v1", "NetworkPolicy", { spec: { podSelector: {} } }),
  planted("ipaddresses/10.0.0.99", "networking.k8s.io/v1", "IPAddress", {
    spec: { parentRef: { group: "Apps.example", resource: "things", namespace: "shop", name: "x" } },
  }),
];

const config: readonly Planted[] = [
  planted("namespaces/shop", "v1", "Namespace", { status: { phase: "Active" } }),
  planted("namespaces/gone", "v1", "Namespace", {
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Terminating" },
  }),
  planted("configmaps/shop/both", "v1", "ConfigMap", { data: { a: "1", b: "2" }, binaryData: { c: "AA==" } }),
  planted("configmaps/shop/empty", "v1", "ConfigMap"),
  planted("secrets/shop/tls", "v1", "Secret", { type: "kubernetes.io/tls", data: { "tls.crt": "", "tls.key": "" } }),
  planted("secrets/shop/empty", "v1", "Secret"),
  planted("serviceaccounts/shop/web", "v1", "ServiceAccount"),
  planted("limitranges/shop/limits", "v1", "LimitRange", { spec: { limits: [] } }),
  planted("resourcequotas/shop/quota", "v1", "ResourceQuota", {
    status: {
      hard: { pods: "10", "requests.cpu": "4", "limits.memory": "8Gi", "limits.cpu": "8", limits: "1" },
      used: { pods: "3", "requests.cpu": "1500m", "limits.memory": "1536Mi" },
    },
  }),
  planted("resourcequotas/shop/new", "v1", "ResourceQuota", { spec: { hard: { pods: "1" } } }),
];

const node = (name: string, labels: JsonObject, spec: JsonObject, status: JsonObject): Planted =>
  planted(`minions/${name}`, "v1", "Node", { spec, status }, { labels });

const nodes: readonly Planted[] = [
  node(
    "node-1",
    { "node-role.kubernetes.io/worker": "", "kubernetes.io/role": "edge", "node-role.kubernetes.io/": "" },
    {},
    {
      conditions: [condition("DiskPressure", "False"), condition("Ready")],
      addresses: [
        { type: "Hostname", address: "node-1" },
        { type: "InternalIP", address: "10.1.0.1" },
        { type: "InternalIP", address: "10.1.0.2" },
        { type: "ExternalIP", address: "8.8.8.8" },
      ],
      nodeInfo: {
        kubeletVersion: "v1.35.4",
        osImage: "Debian 13",
        kernelVersion: "6.12",
        containerRuntimeVersion: "containerd://2.1",
      },
    },
  ),
  node("node-2", {}, { unschedulable: true }, { conditions: [condition("Ready", "Unknown")] }),
  node("node-3", {}, { unschedulable: true }, {}),
  planted("runtimeclasses/gvisor", "node.k8s.io/v1", "RuntimeClass", { handler: "runsc" }),
  planted("priorityclasses/high", "scheduling.k8s.io/v1", "PriorityClass", {
    value: 1000000,
    globalDefault: true,
    preemptionPolicy: "Never",
  }),
];

const claim = (name: string, spec: JsonObject, status: JsonObject, metadata: JsonObject = {}): Planted =>
  planted(`persistentvolumeclaims/shop/${name}`, "v1", "PersistentVolumeClaim", { spec, status }, metadata);
const storageClass = (name: string, body: JsonObject, annotations: JsonObject = {}): Planted =>
  planted(`storageclasses/${name}`, "storage.k8s.io/v1", "StorageClass", body, { annotations });

const storage: readonly Planted[] = [
  planted("persistentvolumes/pv-1", "v1", "PersistentVolume", {
    spec: {
      capacity: { storage: "10Gi" },
      accessModes: ["ReadWriteMany", "ReadOnlyMany", "ReadWriteOnce", "ReadWriteOnce", "ReadWriteOncePod"],
      persistentVolumeReclaimPolicy: "Retain",
      claimRef: { namespace: "shop", name: "data" },
      storageClassName: "fast",
      volumeAttributesClassName: "gold",
      volumeMode: "Block",
    },
    status: { phase: "Failed", reason: "RecyclerFailed" },
  }),
  planted(
    "persistentvolumes/pv-2",
    "v1",
    "PersistentVolume",
    { spec: {}, status: { phase: "Available" } },
    {
      ...DELETED,
      annotations: { "volume.beta.kubernetes.io/storage-class": "old" },
    },
  ),
  claim(
    "data",
    {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "fast",
      volumeName: "pv-1",
      volumeMode: "Block",
      volumeAttributesClassName: "gold",
      resources: { requests: { storage: "5Gi" } },
    },
    { phase: "Bound", capacity: { storage: "10Gi" }, accessModes: ["ReadWriteMany", "ReadWriteOnce"] },
  ),
  claim("waiting", { resources: { requests: { storage: "5Gi" } } }, { phase: "Pending" }),
  claim(
    "leaving",
    { volumeName: "pv-9" },
    { phase: "Bound" },
    {
      ...DELETED,
      annotations: { "volume.beta.kubernetes.io/storage-class": "old" },
    },
  ),
  storageClass(
    "fast",
    {
      provisioner: "csi.example",
      reclaimPolicy: "Retain",
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: true,
    },
    { "storageclass.kubernetes.io/is-default-class": "true" },
  ),
  storageClass("old", { provisioner: "old.example" }, { "storageclass.beta.kubernetes.io/is-default-class": "true" }),
  storageClass("plain", { provisioner: "plain.example" }, { "storageclass.kubernetes.io/is-default-class": "false" }),
  planted("volumeattributesclasses/gold", "storage.k8s.io/v1", "VolumeAttributesClass", { driverName: "csi.example" }),
  planted("volumeattachments/a", "storage.k8s.io/v1", "VolumeAttachment", {
    spec: { attacher: "csi.example", nodeName: "node-1", source: { persistentVolumeName: "pv-1" } },
    status: { attached: true },
  }),
  planted("volumeattachments/inline", "storage.k8s.io/v1", "VolumeAttachment", {
    spec: { attacher: "csi.example", nodeName: "node-1", source: {} },
  }),
  planted("csinodes/node-1", "storage.k8s.io/v1", "CSINode", {
    spec: {
      drivers: [
        { name: "a", nodeID: "1" },
        { name: "b", nodeID: "1" },
      ],
    },
  }),
  planted("csidrivers/full", "storage.k8s.io/v1", "CSIDriver", {
    spec: {
      attachRequired: false,
      podInfoOnMount: true,
      storageCapacity: true,
      requiresRepublish: true,
      tokenRequests: [{ audience: "a" }, { audience: "b" }],
      volumeLifecycleModes: ["Persistent", "Ephemeral"],
    },
  }),
  planted("csidrivers/bare", "storage.k8s.io/v1", "CSIDriver", { spec: {} }),
  planted("csistoragecapacities/shop/cap", "storage.k8s.io/v1", "CSIStorageCapacity", {
    storageClassName: "fast",
    capacity: "1Ti",
  }),
];

const RBAC = "rbac.authorization.k8s.io/v1";
const SUBJECTS = [
  { kind: "User", name: "ann", apiGroup: "rbac.authorization.k8s.io" },
  { kind: "ServiceAccount", name: "web", namespace: "shop" },
  { kind: "User", name: "bob", apiGroup: "rbac.authorization.k8s.io" },
  { kind: "Group", name: "ops", apiGroup: "rbac.authorization.k8s.io" },
  { kind: "ServiceAccount", name: "job", namespace: "shop" },
];
const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" };
const csr = (name: string, spec: JsonObject, status: JsonObject): Planted =>
  planted(`certificatesigningrequests/${name}`, "certificates.k8s.io/v1", "CertificateSigningRequest", {
    spec,
    status,
  });

const access: readonly Planted[] = [
  planted("roles/shop/reader", RBAC, "Role", { rules: [] }),
  planted("clusterroles/reader", RBAC, "ClusterRole", { rules: [] }),
  planted("rolebindings/shop/reader", RBAC, "RoleBinding", { roleRef, subjects: SUBJECTS }),
  planted("rolebindings/shop/nobody", RBAC, "RoleBinding", { roleRef }),
  planted("clusterrolebindings/reader", RBAC, "ClusterRoleBinding", { roleRef, subjects: SUBJECTS }),
  csr(
    "new",
    { request: "", signerName: "kubernetes.io/kubelet-serving", username: "system:node:a", expirationSeconds: 86400 },
    {},
  ),
  csr(
    "issued",
    { request: "", signerName: "a.example/b" },
    { certificate: "AA==", conditions: [condition("Approved")] },
  ),
  csr("denied", { request: "" }, { conditions: [condition("Approved"), condition("Denied"), condition("Failed")] }),
];

const ADMISSION = "admissionregistration.k8s.io/v1";
const paramKind = { apiVersion: "a.example/v1", kind: "Limit" };
const policyBinding = (name: string, paramRef: JsonObject | undefined): Planted =>
  planted(`validatingadmissionpolicybindings/${name}`, ADMISSION, "ValidatingAdmissionPolicyBinding", {
    spec: { policyName: "limits", ...(paramRef === undefined ? {} : { paramRef }) },
  });

const admission: readonly Planted[] = [
  planted("mutatingwebhookconfigurations/two", ADMISSION, "MutatingWebhookConfiguration", {
    webhooks: [{ name: "a.b.c" }, { name: "d.e.f" }],
  }),
  planted("validatingwebhookconfigurations/none", ADMISSION, "ValidatingWebhookConfiguration"),
  planted("validatingadmissionpolicies/limits", ADMISSION, "ValidatingAdmissionPolicy", {
    spec: { paramKind, validations: [{ expression: "true" }] },
  }),
  planted("validatingadmissionpolicies/bare", ADMISSION, "ValidatingAdmissionPolicy", { spec: {} }),
  planted("mutatingadmissionpolicies/defaults", `${ADMISSION}beta1`, "MutatingAdmissionPolicy", {
    spec: { paramKind, mutations: [{ patchType: "JSONPatch" }] },
  }),
  planted("mutatingadmissionpolicybindings/defaults", `${ADMISSION}beta1`, "MutatingAdmissionPolicyBinding", {
    spec: { policyName: "defaults", paramRef: { name: "a", namespace: "shop", parameterNotFoundAction: "Deny" } },
  }),
  policyBinding("bare", undefined),
  policyBinding("named", { name: "a", namespace: "shop", parameterNotFoundAction: "Deny" }),
  policyBinding("anywhere", { name: "a", parameterNotFoundAction: "Deny" }),
  policyBinding("selected", { selector: { matchLabels: { b: "1", a: "2" }, matchExpressions: EXPRESSIONS } }),
];

const event = (name: string, body: JsonObject): Planted =>
  planted(`events/shop/${name}`, "v1", "Event", {
    involvedObject: { kind: "Pod", name: "web", fieldPath: "spec.containers{web}" },
    reason: "Pulled",
    type: "Normal",
    message: " pulled \n",
    ...body,
  });

const events: readonly Planted[] = [
  event("old", {
    firstTimestamp: "2025-01-01T00:00:00Z",
    lastTimestamp: "2025-02-01T00:00:00Z",
    count: 7,
    source: { component: "kubelet", host: "node-1" },
  }),
  event("new", {
    eventTime: "2025-03-01T00:00:00.123456Z",
    reportingComponent: "scheduler",
    reportingInstance: "scheduler-1",
  }),
  event("series", {
    eventTime: "2025-03-01T00:00:00.123456Z",
    series: { count: 42, lastObservedTime: "2025-04-01T00:00:00.654321Z" },
    source: { component: "kubelet" },
  }),
  event("timeless", { involvedObject: { kind: "Node" } }),
];

const hpa = (name: string, metrics: JsonObject[], currentMetrics: JsonObject[], minReplicas?: number): Planted =>
  planted(`horizontalpodautoscalers/shop/${name}`, "autoscaling/v2", "HorizontalPodAutoscaler", {
    spec: {
      scaleTargetRef: { kind: "Deployment", name: "web", apiVersion: "apps/v1" },
      maxReplicas: 10,
      ...(minReplicas === undefined ? {} : { minReplicas }),
      metrics,
    },
    status: { currentReplicas: 3, desiredReplicas: 3, currentMetrics },
  });
const metric = { name: "queue" };
const resource = (target: JsonObject): JsonObject => ({ type: "Resource", resource: { name: "cpu", target } });
const perContainer = (target: JsonObject): JsonObject => ({
  type: "ContainerResource",
  containerResource: { name: "memory", container: "web", target },
});

const autoscaling: readonly Planted[] = [
  hpa("none", [], []),
  hpa(
    "percent",
    [resource({ type: "Utilization", averageUtilization: 80 })],
    [{ type: "Resource", resource: { name: "cpu", current: { averageUtilization: 41, averageValue: "410m" } } }],
    2,
  ),
  hpa(
    "unknown",
    [resource({ type: "Utilization", averageUtilization: 80 }), resource({ type: "AverageValue", averageValue: "1" })],
    [],
  ),
  hpa(
    "container",
    [
      perContainer({ type: "Utilization", averageUtilization: 50 }),
      perContainer({ type: "AverageValue", averageValue: "1Gi" }),
    ],
    [
      {
        type: "ContainerResource",
        containerResource: { name: "memory", container: "web", current: { averageUtilization: 9, averageValue: "1" } },
      },
      {
        type: "ContainerResource",
        containerResource: { name: "memory", container: "web", current: { averageValue: "512Mi" } },
      },
    ],
  ),
  hpa(
    "external",
    [
      { type: "External", external: { metric, target: { type: "Value", value: "30" } } },
      { type: "External", external: { metric, target: { type: "AverageValue", averageValue: "10" } } },
      { type: "Pods", pods: { metric, target: { type: "AverageValue", averageValue: "1k" } } },
    ],
    [
      { type: "External", external: { metric, current: { value: "12" } } },
      { type: "External", external: { metric, current: { averageValue: "4" } } },
    ],
  ),
  hpa(
    "object",
    [
      { type: "Pods", pods: { metric, target: { type: "AverageValue", averageValue: "1k" } } },
      {
        type: "Object",
        object: { metric, describedObject: { kind: "Ingress", name: "a" }, target: { type: "Value", value: "2k" } },
      },
    ],
    [
      { type: "Pods", pods: { metric, current: { averageValue: "500m" } } },
      {
        type: "Object",
        object: { metric, describedObject: { kind: "Ingress", name: "a" }, current: { value: "1500" } },
      },
    ],
  ),
  planted("poddisruptionbudgets/shop/min", "policy/v1", "PodDisruptionBudget", {
    spec: { minAvailable: 2 },
    status: { disruptionsAllowed: 1 },
  }),
  planted("poddisruptionbudgets/shop/max", "policy/v1", "PodDisruptionBudget", { spec: { maxUnavailable: "25%" } }),
];

const controlPlane: readonly Planted[] = [
  planted("leases/shop/held", "coordination.k8s.io/v1", "Lease", { spec: { holderIdentity: "node-1" } }),
  planted("leases/shop/free", "coordination.k8s.io/v1", "Lease", { spec: {} }),
  planted("leasecandidates/shop/a", "coordination.k8s.io/v1beta1", "LeaseCandidate", {
    spec: { leaseName: "scheduler", binaryVersion: "1.35.4", emulationVersion: "1.35.0" },
  }),
  planted("storageversions/apps.deployments", "internal.apiserver.k8s.io/v1alpha1", "StorageVersion", {
    spec: {},
    status: {
      commonEncodingVersion: "apps/v1",
      storageVersions: ["a", "b", "c", "d"].map((apiServerID) => ({ apiServerID, encodingVersion: "apps/v1" })),
    },
  }),
  planted("storageversions/new", "internal.apiserver.k8s.io/v1alpha1", "StorageVersion", { spec: {} }),
  planted("apiregistration.k8s.io/apiservices/v1.ours.example", "apiregistration.k8s.io/v1", "APIService", {
    spec: {
      group: "ours.example",
      version: "v1",
      service: { namespace: "shop", name: "api" },
      groupPriorityMinimum: 1,
    },
  }),
  planted("flowschemas/bare", "flowcontrol.apiserver.k8s.io/v1", "FlowSchema", {
    spec: { priorityLevelConfiguration: { name: "exempt" }, matchingPrecedence: 77 },
  }),
];

const claimOfDevice = (name: string, status: JsonObject, metadata: JsonObject = {}): Planted =>
  planted(`resourceclaims/shop/${name}`, "resource.k8s.io/v1", "ResourceClaim", { spec: {}, status }, metadata);

const devices: readonly Planted[] = [
  planted("deviceclasses/gpu", "resource.k8s.io/v1", "DeviceClass", { spec: {} }),
  claimOfDevice("pending", {}),
  claimOfDevice("reserved", { allocation: {}, reservedFor: [{ resource: "pods", name: "web", uid: "1" }] }),
  claimOfDevice("allocated", { allocation: {} }, DELETED),
  claimOfDevice("deleted", {}, DELETED),
  planted("resourceclaimtemplates/shop/gpu", "resource.k8s.io/v1", "ResourceClaimTemplate", { spec: { spec: {} } }),
  planted("resourceslices/node-1-gpu", "resource.k8s.io/v1", "ResourceSlice", {
    spec: { nodeName: "node-1", driver: "gpu.example", pool: { name: "node-1", generation: 1, resourceSliceCount: 1 } },
  }),
  planted("resourceslices/anywhere", "resource.k8s.io/v1", "ResourceSlice", {
    spec: { allNodes: true, driver: "gpu.example", pool: { name: "all", generation: 1, resourceSliceCount: 1 } },
  }),
  planted("devicetaintrules/broken", "resource.k8s.io/v1alpha3", "DeviceTaintRule", {
    spec: { taint: { key: "broken", value: "yes", effect: "NoExecute", timeAdded: "2025-01-01T00:00:00Z" } },
  }),
  planted("devicetaintrules/bare", "resource.k8s.io/v1alpha3", "DeviceTaintRule", { spec: { taint: { key: "k" } } }),
];

/** Objects of every family, in the states that their rows tell apart. */
export const plantedObjects: readonly Planted[] = [
  ...Object.entries(podObjects).map(([name, { spec, status, metadata }]) =>
    planted(
      `pods/shop/${name.toLowerCase()}`,
      "v1",
      "Pod",
      {
        spec: spec ?? { containers: [{ name: "web", image: "a:1" }] },
        status,
      },
      metadata,
    ),
  ),
  ...workloads,
  ...jobs,
  ...network,
  ...config,
  ...nodes,
  ...storage,
  ...access,
  ...admission,
  ...events,
  ...autoscaling,
  ...controlPlane,
  ...devices,
];
