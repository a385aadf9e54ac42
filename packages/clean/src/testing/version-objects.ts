import type { JsonObject } from "@kubeferry/model";

const server = { uid: "u", resourceVersion: "1", generation: 1, creationTimestamp: "2026-01-01T00:00:00Z" };

function live(apiVersion: string, kind: string, more: JsonObject, metadata: JsonObject = {}): JsonObject {
  return { apiVersion, kind, metadata: { name: "x", namespace: "shop", ...server, ...metadata }, ...more };
}

/**
 * What the rules version is a digest of: objects on which every rule shows what it does, and texts on which the emitter
 * shows how it writes. Another object here is another version.
 */
export const VERSION_OBJECTS: readonly JsonObject[] = [
  live(
    "v1",
    "ConfigMap",
    {
      status: {},
      data: {
        plain: "apps/v1",
        colon: "nginx:1.25",
        word: "yes",
        number: "1e3",
        time: "12:30:45",
        lines: "a\n\n  b\n\tc\n",
        noEnd: "a\nb",
        manyEnds: "a\n\n",
        blanks: "a \nb",
        controls: "\u0000\u007f\u0085\u2028\ufeff\uffff\u{1f600}",
        n: "y",
        "k: v": "",
        [`long${"g".repeat(1000)}`]: "x",
      },
    },
    {
      labels: { app: "x" },
      annotations: {
        "kubectl.kubernetes.io/last-applied-configuration": "{}",
        "argocd.argoproj.io/tracking-id": "a:/ConfigMap:shop/x",
      },
      managedFields: [],
    },
  ),
  live("v1", "Service", {
    spec: {
      clusterIP: "10.0.0.1",
      clusterIPs: ["10.0.0.1"],
      healthCheckNodePort: 31000,
      ports: [{ port: 80, nodePort: 30080 }],
    },
  }),
  live(
    "v1",
    "Service",
    { spec: { clusterIP: "10.0.0.1", ports: [{ port: 80, nodePort: 30080 }] } },
    {
      managedFields: [
        { operation: "Apply", fieldsV1: { "f:spec": { "f:ports": { 'k:{"port":80}': { "f:nodePort": {} } } } } },
        { operation: "Update", fieldsV1: { "f:spec": { "f:clusterIP": {} } } },
      ],
    },
  ),
  live("v1", "Service", { spec: { clusterIP: "None", clusterIPs: ["None"] } }),
  live("apps/v1", "Deployment", { spec: {} }, { annotations: { "deployment.kubernetes.io/revision": "1" } }),
  live("apps/v1", "DaemonSet", { spec: {} }, { annotations: { "deprecated.daemonset.template.generation": "1" } }),
  live("v1", "PersistentVolume", { spec: { claimRef: { name: "c", uid: "u", resourceVersion: "1" } } }),
  live("batch/v1", "Job", {
    spec: {
      selector: { matchLabels: { "batch.kubernetes.io/controller-uid": "u" } },
      template: { metadata: { labels: { "controller-uid": "u", "job-name": "x", app: "x" } } },
    },
  }),
  live("example.com/v1", "Widget", {
    spec: {
      numbers: [1, -1, 0.5, 1e-7, 1e21, 9007199254740993n, -(2n ** 63n)],
      lists: [[], [[1], [{}]], [{ a: [{ b: null }] }]],
      words: [true, null, "true", "null", "", " "],
      deep: nested(70),
    },
  }),
  live("v1", "ServiceAccount", {}, { name: "default" }),
  live("v1", "ServiceAccount", { imagePullSecrets: [{ name: "x" }] }, { name: "default" }),
  live("v1", "ConfigMap", {}, { name: "kube-root-ca.crt" }),
  live("v1", "ConfigMap", {}, { name: "openshift-service-ca.crt" }),
  live("v1", "Secret", { type: "kubernetes.io/service-account-token" }),
  live("v1", "Endpoints", {}, { labels: { "endpoints.kubernetes.io/managed-by": "endpoint-controller" } }),
  live(
    "discovery.k8s.io/v1",
    "EndpointSlice",
    {},
    {
      labels: { "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io" },
    },
  ),
];

function nested(depth: number): JsonObject {
  return depth === 0 ? { k: "v" } : { a: nested(depth - 1) };
}
