import type { JsonObject } from "@kubeferry/model";
import { condition, type Planted, planted } from "./plant.ts";

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

/** What lies in namespaces for others to use, and nodes. */
export const clusterObjects: readonly Planted[] = [...config, ...nodes];
