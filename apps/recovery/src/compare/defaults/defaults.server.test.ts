import { createCleaner } from "@kubeferry/clean";
import { apiVersionOf, type JsonObject, parseJson } from "@kubeferry/model";
import { type KubeApi, missingServers, servers } from "@kubeferry/testbed";
import { beforeAll, describe, expect, it } from "vitest";
import { cleanPair } from "../clean-pair.ts";
import { compareObjects } from "../compare-objects.ts";
import { createTypeSchemas, type TypeSchemas } from "../schema/type-schemas.ts";

const POD: JsonObject = {
  containers: [
    {
      name: "web",
      image: "registry:5000/web",
      ports: [{ containerPort: 80 }, { containerPort: 80, protocol: "UDP" }],
      env: [
        { name: "EMPTY" },
        { name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
        { name: "CPU", valueFrom: { resourceFieldRef: { resource: "limits.cpu" } } },
      ],
      resources: { limits: { cpu: "1000m", memory: "1024Mi" } },
      livenessProbe: { httpGet: { port: 80 } },
      readinessProbe: { grpc: { port: 81 } },
      lifecycle: { preStop: { httpGet: { port: 80 } } },
    },
  ],
  initContainers: [{ name: "wait", image: `wait:latest@sha256:${"0".repeat(64)}` }],
  serviceAccountName: "web",
  volumes: [
    { name: "config", configMap: { name: "web" } },
    { name: "secret", secret: { secretName: "web" } },
    { name: "fields", downwardAPI: { items: [{ path: "name", fieldRef: { fieldPath: "metadata.name" } }] } },
    { name: "token", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } },
    { name: "host", hostPath: { path: "/srv" } },
    { name: "scratch", emptyDir: {} },
  ],
};
const LABELED = { metadata: { labels: { app: "web" } } };
const SELECTOR = { matchLabels: { app: "web" } };
const CLAIM = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1024Mi" } } };

/** Group, version, plural, kind, and the fields that somebody writes by hand. */
const OBJECTS: readonly (readonly [string, string, string, string, JsonObject])[] = [
  ["apps", "v1", "deployments", "Deployment", { spec: { selector: SELECTOR, template: { ...LABELED, spec: POD } } }],
  [
    "apps",
    "v1",
    "deployments",
    "Deployment",
    { spec: { selector: SELECTOR, strategy: { type: "Recreate" }, template: { ...LABELED, spec: POD } } },
  ],
  ["apps", "v1", "daemonsets", "DaemonSet", { spec: { selector: SELECTOR, template: { ...LABELED, spec: POD } } }],
  [
    "apps",
    "v1",
    "statefulsets",
    "StatefulSet",
    {
      spec: {
        selector: SELECTOR,
        serviceName: "web",
        template: { ...LABELED, spec: POD },
        volumeClaimTemplates: [{ metadata: { name: "data" }, spec: CLAIM }],
      },
    },
  ],
  ["", "v1", "pods", "Pod", { spec: { containers: [{ name: "a", image: "a:1" }] } }],
  ["batch", "v1", "jobs", "Job", { spec: { template: { spec: { ...POD, restartPolicy: "Never" } } } }],
  [
    "batch",
    "v1",
    "cronjobs",
    "CronJob",
    {
      spec: {
        schedule: "0 1 * * *",
        jobTemplate: { spec: { template: { spec: { ...POD, restartPolicy: "OnFailure" } } } },
      },
    },
  ],
  [
    "",
    "v1",
    "services",
    "Service",
    {
      spec: {
        selector: { app: "web" },
        ports: [
          { name: "dns", port: 53, protocol: "UDP" },
          { name: "dns-tcp", port: 53 },
        ],
      },
    },
  ],
  [
    "",
    "v1",
    "services",
    "Service",
    { spec: { type: "LoadBalancer", selector: { app: "web" }, ports: [{ port: 80, targetPort: "http" }] } },
  ],
  ["", "v1", "services", "Service", { spec: { type: "ExternalName", externalName: "db.example.com" } }],
  ["", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", { spec: CLAIM }],
  ["", "v1", "secrets", "Secret", { stringData: { password: "hunter2" } }],
  ["networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", { spec: { podSelector: {}, egress: [] } }],
  [
    "networking.k8s.io",
    "v1",
    "networkpolicies",
    "NetworkPolicy",
    { spec: { podSelector: {}, egress: [{ ports: [{ port: 53 }] }] } },
  ],
  [
    "rbac.authorization.k8s.io",
    "v1",
    "rolebindings",
    "RoleBinding",
    {
      roleRef: { kind: "ClusterRole", name: "view" },
      subjects: [
        { kind: "User", name: "bob" },
        { kind: "ServiceAccount", name: "web" },
      ],
    },
  ],
  [
    "autoscaling",
    "v2",
    "horizontalpodautoscalers",
    "HorizontalPodAutoscaler",
    {
      spec: {
        maxReplicas: 3,
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
        metrics: [
          { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } } },
        ],
      },
    },
  ],
];

describe.skipIf(missingServers("kube-apiserver"))("what an API server adds to what somebody wrote", () => {
  let api: KubeApi;
  let namespace: string;
  let schemas: TypeSchemas;

  beforeAll(async () => {
    api = await servers.kubeApi();
    namespace = await api.freshNamespace();
    const paths = [...new Set(OBJECTS.map(([group, version]) => openApiPath(group, version)))];
    const documents = await Promise.all(paths.map(async (path) => [path, (await api.request("GET", path)).body]));
    schemas = createTypeSchemas(Object.fromEntries(documents));
  }, 60_000);

  it.each(OBJECTS)(
    "is no difference: %s %s %s",
    { timeout: 30_000 },
    async (group, version, resource, kind, fields) => {
      const type = { group, version, resource, kind };
      const metadata = { name: "web", namespace };
      const written = { apiVersion: apiVersionOf(type), kind, ...fields, metadata };
      const path = `/${group === "" ? "api" : "apis"}/${apiVersionOf(type)}/namespaces/${namespace}/${resource}?dryRun=All`;
      const { status, body } = await api.request("POST", path, JSON.stringify(written));
      expect(status, body).toBe(201);
      const cleaner = createCleaner();
      for (const schema of [schemas.of(type), undefined]) {
        const pair = cleanPair(written, parseJson(body) as JsonObject, { type, schema, cleaner });
        expect(compareObjects(pair.before, pair.after, { type, schema })).toEqual([]);
      }
    },
  );
});

function openApiPath(group: string, version: string): string {
  return `/openapi/v3/${group === "" ? "api" : "apis"}/${apiVersionOf({ group, version })}`;
}
