import type { KubeApi } from "@kubeferry/testbed";

const label = { app: "web" };
const pod = {
  metadata: { labels: label },
  spec: { containers: [{ name: "web", image: "registry.example.com/web:1", ports: [{ containerPort: 80 }] }] },
};

/** A CustomResourceDefinition of the restored namespace. */
const widgets = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.shop.example.com" },
  spec: {
    group: "shop.example.com",
    scope: "Namespaced",
    names: { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
};

/** Is asked about every ConfigMap, and its Service is nowhere: written too early, it would stop all that follows. */
const webhook = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingWebhookConfiguration",
  metadata: { name: "check.shop.example.com" },
  webhooks: [
    {
      name: "check.shop.example.com",
      admissionReviewVersions: ["v1"],
      sideEffects: "None",
      failurePolicy: "Fail",
      clientConfig: { service: { namespace: "shop", name: "checker" } },
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } },
      rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["configmaps"] }],
    },
  ],
};

/**
 * A namespace as people have them: a type of its own with objects, owners three deep, access, quota, storage, a
 * headless Service and one with its own port, hand-made endpoints, workloads, and a webhook without its Service.
 */
export async function buildShop(server: KubeApi): Promise<void> {
  const inShop = (apiVersion: string, kind: string, name: string, more: object = {}) => ({
    apiVersion,
    kind,
    metadata: { name, namespace: "shop", ...("metadata" in more ? (more.metadata as object) : {}) },
    ...Object.fromEntries(Object.entries(more).filter(([key]) => key !== "metadata")),
  });
  await server.apply(
    widgets,
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", labels: { team: "a" } } },
    {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: "fast" },
      provisioner: "example.com/fast",
    },
    { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name: "shop-high" }, value: 1000 },
    { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: "shop" }, rules: [] },
    inShop("v1", "ServiceAccount", "runner"),
    inShop("rbac.authorization.k8s.io/v1", "Role", "reader", {
      rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }],
    }),
    inShop("rbac.authorization.k8s.io/v1", "RoleBinding", "reader", {
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" },
      subjects: [{ kind: "ServiceAccount", name: "runner", namespace: "shop" }],
    }),
    inShop("v1", "Secret", "login", { data: { password: "aHVudGVyMg==" } }),
    inShop("v1", "ConfigMap", "settings", { data: { colour: "blue", lines: "a \n b\t\n", face: "😀" } }),
    inShop("v1", "LimitRange", "limits", { spec: { limits: [{ type: "Container", default: { cpu: "1" } }] } }),
    inShop("v1", "ResourceQuota", "quota", { spec: { hard: { pods: "100" } } }),
    inShop("v1", "PersistentVolumeClaim", "data", {
      spec: { accessModes: ["ReadWriteOnce"], storageClassName: "fast", resources: { requests: { storage: "1Gi" } } },
    }),
    inShop("v1", "Service", "headless", { spec: { clusterIP: "None", selector: label, ports: [{ port: 80 }] } }),
    inShop("v1", "Service", "web", {
      spec: { type: "NodePort", selector: label, ports: [{ port: 80, nodePort: 30_123 }] },
    }),
    inShop("v1", "Service", "outside", { spec: { ports: [{ port: 5432 }] } }),
    inShop("v1", "Endpoints", "outside", { subsets: [{ addresses: [{ ip: "192.0.2.7" }], ports: [{ port: 5432 }] }] }),
    inShop("networking.k8s.io/v1", "NetworkPolicy", "closed", { spec: { podSelector: {}, policyTypes: ["Ingress"] } }),
    inShop("apps/v1", "Deployment", "web", { spec: { replicas: 2, selector: { matchLabels: label }, template: pod } }),
    inShop("apps/v1", "StatefulSet", "db", {
      spec: { serviceName: "headless", selector: { matchLabels: label }, template: pod },
    }),
    inShop("autoscaling/v2", "HorizontalPodAutoscaler", "web", {
      spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" } },
    }),
    inShop("policy/v1", "PodDisruptionBudget", "web", {
      spec: { minAvailable: 1, selector: { matchLabels: label } },
    }),
    inShop("networking.k8s.io/v1", "Ingress", "web", {
      spec: { defaultBackend: { service: { name: "web", port: { number: 80 } } } },
    }),
    inShop("shop.example.com/v1", "Widget", "blue", { spec: { size: 3 } }),
  );
  const widget = await ownerOf(server, "/apis/shop.example.com/v1/namespaces/shop/widgets/blue");
  await server.apply(inShop("v1", "ConfigMap", "of-widget", { metadata: { ownerReferences: [widget] }, data: {} }));
  const child = await ownerOf(server, "/api/v1/namespaces/shop/configmaps/of-widget");
  await server.apply(
    inShop("v1", "Secret", "of-child", { metadata: { ownerReferences: [child] }, data: { a: "Yg==" } }),
  );
  await server.apply(webhook);
}

async function ownerOf(server: KubeApi, path: string): Promise<object> {
  const { apiVersion, kind, metadata } = JSON.parse((await server.request("GET", path)).body);
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid };
}
