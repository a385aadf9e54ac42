import type { JsonObject } from "@kubeferry/model";

/** Of the first 86 ports, out of which an API server gives none by itself while it has others: nothing else has it. */
const CHOSEN_PORT = 30_077;

/** An object to be created, and what its view must and must not hold. */
export interface Case {
  readonly what: string;
  readonly object: JsonObject;
  /** Part of the view's spec. */
  readonly keeps: JsonObject;
  /** JSON Pointers to what the server adds and the view leaves out. */
  readonly drops: readonly string[];
}

/** A custom type that takes any spec. */
export const WIDGET_DEFINITION: JsonObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.clean.kubeferry.io" },
  spec: {
    group: "clean.kubeferry.io",
    scope: "Namespaced",
    names: { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: { spec: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
          },
        },
      },
    ],
  },
};

function of(apiVersion: string, kind: string, name: string, more: JsonObject): JsonObject {
  return { apiVersion, kind, metadata: { name }, ...more };
}

const http = { name: "http", port: 80, protocol: "TCP", targetPort: 8080 };
const pod = { containers: [{ name: "main", image: "example.com/shop/web:1.2.3", ports: [{ containerPort: 8080 }] }] };
const labelled = { metadata: { labels: { app: "web" } }, spec: pod };

/** Kinds whose views are tried on a real server. */
export const CASES: readonly Case[] = [
  {
    what: "Deployment",
    object: of("apps/v1", "Deployment", "web", {
      spec: { replicas: 2, selector: { matchLabels: { app: "web" } }, template: labelled },
    }),
    keeps: { replicas: 2, selector: { matchLabels: { app: "web" } } },
    drops: ["/status", "/metadata/uid", "/metadata/managedFields", "/metadata/annotations"],
  },
  {
    what: "DaemonSet",
    object: of("apps/v1", "DaemonSet", "log", {
      spec: { selector: { matchLabels: { app: "web" } }, template: labelled },
    }),
    keeps: { selector: { matchLabels: { app: "web" } } },
    drops: ["/status", "/metadata/annotations"],
  },
  {
    what: "Service with an allocated address",
    object: of("v1", "Service", "plain", { spec: { selector: { app: "web" }, ports: [http] } }),
    keeps: { type: "ClusterIP", ports: [http] },
    drops: ["/spec/clusterIP", "/spec/clusterIPs"],
  },
  {
    what: "Service with an address of its own",
    object: of("v1", "Service", "fixed", {
      spec: { clusterIP: "10.0.77.77", selector: { app: "web" }, ports: [http] },
    }),
    keeps: { clusterIP: "10.0.77.77" },
    drops: ["/spec/clusterIPs"],
  },
  {
    what: "headless Service",
    object: of("v1", "Service", "headless", { spec: { clusterIP: "None", selector: { app: "web" }, ports: [http] } }),
    keeps: { clusterIP: "None" },
    drops: [],
  },
  {
    what: "Service with allocated node ports",
    object: of("v1", "Service", "ports", { spec: { type: "NodePort", selector: { app: "web" }, ports: [http] } }),
    keeps: { type: "NodePort", ports: [http] },
    drops: ["/spec/ports/0/nodePort", "/spec/clusterIP"],
  },
  {
    what: "Service with one node port of its own and one allocated",
    object: of("v1", "Service", "port", {
      spec: {
        type: "NodePort",
        selector: { app: "web" },
        ports: [
          { ...http, nodePort: CHOSEN_PORT },
          { name: "metrics", port: 9090, protocol: "TCP", targetPort: 9090 },
        ],
      },
    }),
    keeps: {
      ports: [
        { ...http, nodePort: CHOSEN_PORT },
        { name: "metrics", port: 9090 },
      ],
    },
    drops: ["/spec/ports/1/nodePort"],
  },
  {
    what: "Service with an allocated health check port",
    object: of("v1", "Service", "balanced", {
      spec: { type: "LoadBalancer", externalTrafficPolicy: "Local", selector: { app: "web" }, ports: [http] },
    }),
    keeps: { externalTrafficPolicy: "Local" },
    drops: ["/spec/healthCheckNodePort", "/spec/ports/0/nodePort"],
  },
  {
    what: "PersistentVolumeClaim",
    object: of("v1", "PersistentVolumeClaim", "data", {
      spec: { accessModes: ["ReadWriteOnce"], storageClassName: "", resources: { requests: { storage: "1Gi" } } },
    }),
    keeps: { storageClassName: "", resources: { requests: { storage: "1Gi" } } },
    drops: ["/status"],
  },
  {
    what: "ConfigMap",
    object: of("v1", "ConfigMap", "settings", {
      data: { yes: "no", "0777": "1e3", script: "a\n\n  b\n", time: "12:30:45", odd: "\u0085\u2028\u{1f600}" },
      binaryData: { bin: "AAECAw==" },
    }),
    keeps: {},
    drops: ["/metadata/annotations"],
  },
  {
    what: "Role",
    object: of("rbac.authorization.k8s.io/v1", "Role", "reader", {
      rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
    }),
    keeps: {},
    drops: ["/metadata/uid"],
  },
  {
    what: "custom resource",
    object: of("clean.kubeferry.io/v1", "Widget", "blue", {
      spec: {
        large: 9007199254740993n,
        least: -9223372036854775808n,
        fraction: 0.5,
        list: [{ nodePort: 1, clusterIP: "10.0.0.1", uid: "x", status: {} }, {}, []],
        empty: { map: {}, list: [], text: "" },
        n: "y",
        "k/~": "v",
      },
    }),
    keeps: { empty: { map: {}, list: [], text: "" } },
    drops: ["/metadata/annotations", "/metadata/generation"],
  },
  {
    what: "HorizontalPodAutoscaler",
    object: of("autoscaling/v2", "HorizontalPodAutoscaler", "web", {
      spec: {
        minReplicas: 1,
        maxReplicas: 3,
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
        metrics: [
          { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } },
        ],
      },
    }),
    keeps: { minReplicas: 1, maxReplicas: 3 },
    drops: ["/status"],
  },
  {
    what: "Ingress",
    object: of("networking.k8s.io/v1", "Ingress", "web", {
      spec: {
        rules: [
          {
            host: "shop.example.com",
            http: {
              paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "web", port: { number: 80 } } } }],
            },
          },
        ],
      },
    }),
    keeps: {},
    drops: ["/status"],
  },
  {
    what: "NetworkPolicy with empty selectors",
    object: of("networking.k8s.io/v1", "NetworkPolicy", "open", {
      spec: {
        podSelector: {},
        ingress: [{ from: [{ namespaceSelector: {} }] }, {}],
        policyTypes: ["Ingress", "Egress"],
      },
    }),
    keeps: { podSelector: {}, ingress: [{ from: [{ namespaceSelector: {} }] }, {}] },
    drops: [],
  },
  {
    what: "Job",
    object: of("batch/v1", "Job", "once", {
      spec: { template: { metadata: { labels: { app: "x" } }, spec: { ...pod, restartPolicy: "Never" } } },
    }),
    keeps: { template: { metadata: { labels: { app: "x" } } } },
    drops: ["/spec/selector", "/metadata/labels/controller-uid", "/metadata/labels/batch.kubernetes.io~1job-name"],
  },
  {
    what: "Job without labels",
    object: of("batch/v1", "Job", "bare", { spec: { template: { spec: { ...pod, restartPolicy: "Never" } } } }),
    keeps: {},
    drops: ["/spec/selector", "/metadata/labels", "/spec/template/metadata/labels"],
  },
];
