const NAMESPACE = "shop";
const named = (name: string, labels: Record<string, string> = {}) => ({ namespace: NAMESPACE, name, labels });
const containers = [{ name: "web", image: "registry.example/web:1", ports: [{ containerPort: 80 }] }];

/** A type with columns of its own, a short name, a category and a selectable field. */
const TICKETS = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "tickets.desk.example.com" },
  spec: {
    group: "desk.example.com",
    scope: "Namespaced",
    names: { plural: "tickets", singular: "ticket", kind: "Ticket", shortNames: ["tk"], categories: ["all"] },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        selectableFields: [{ jsonPath: ".spec.queue" }],
        additionalPrinterColumns: [
          { name: "Queue", type: "string", jsonPath: ".spec.queue" },
          { name: "Seats", type: "integer", jsonPath: ".spec.seats", priority: 1 },
        ],
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                description: "What is wanted.",
                type: "object",
                required: ["queue"],
                properties: {
                  queue: { type: "string", description: "Where it waits." },
                  seats: { type: "integer", format: "int64" },
                },
              },
            },
          },
        },
      },
    ],
  },
};

/** A small cluster in which every kind of answer that kubectl prints has something to show. */
export const BROWSED: readonly object[] = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } },
  TICKETS,
  ...["api", "web"].map((name) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { ...named(name, { app: name }), annotations: { note: `what ${name} is for` } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers } },
    },
  })),
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: named("web", { app: "web" }),
    spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] },
  },
  { apiVersion: "v1", kind: "ConfigMap", metadata: named("settings"), data: { greeting: "hello\nworld", on: "yes" } },
  { apiVersion: "v1", kind: "Secret", type: "Opaque", metadata: named("login"), stringData: { password: "kiwi" } },
  ...["pod-a", "pod-b"].map((name) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: named(name, { app: name === "pod-a" ? "web" : "api" }),
    spec: { containers, nodeName: name === "pod-a" ? "node-1" : "node-2", automountServiceAccountToken: false },
  })),
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: named("web"),
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
  },
  {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: named("report"),
    spec: {
      schedule: "15 2 * * *",
      jobTemplate: { spec: { template: { spec: { restartPolicy: "Never", containers } } } },
    },
  },
  ...[
    { name: "first", spec: { queue: "sales", seats: 9_007_199_254_740_991 } },
    { name: "second", spec: { queue: "support" } },
  ].map(({ name, spec }) => ({ apiVersion: "desk.example.com/v1", kind: "Ticket", metadata: named(name), spec })),
];
