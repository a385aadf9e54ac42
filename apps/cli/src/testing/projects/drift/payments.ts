import type { JsonObject, JsonValue } from "@kubeferry/model";
import { namespacesOf } from "../place-objects.ts";
import { type Drift, drifted, withImages } from "./drift.ts";
import { PAYMENTS_GROUP as GROUP, PAYMENT_TYPES } from "./payment-types.ts";
import { domainOf, type Stage } from "./stage.ts";

/**
 * An application that lives mostly in custom resources: lists with and without keys, free-form fields, integers that no
 * floating point number holds, containers where kustomize finds them too, and a type that is called as a built-in one.
 */
export function paymentsIn(stage: Stage): JsonObject[] {
  const custom = [
    ...numbered(12, (number) => pipeline(number, stage)),
    ...numbered(12, (number) => route(number, stage)),
    ...numbered(4, ledger),
  ];
  const objects = [...PAYMENT_TYPES, ...namespacesOf([...custom]), ...custom, ...workloads(stage), ...texts(stage)];
  return withImages(drifted(objects, DRIFTS, stage), imagesOf(stage));
}

const RESTRICTED = "pod-security.kubernetes.io/enforce";
const CONTAINER = "/spec/template/spec/containers/0";
const VOLUMES: JsonValue = [{ name: "settings", configMap: { name: "settings" } }];

const DRIFTS: readonly Drift[] = [
  {
    in: ["preprod", "prod"],
    of: ["/Namespace /payments"],
    edits: { "/metadata/labels": { [RESTRICTED]: "restricted" } },
  },
  { in: ["dev"], of: pipelines(0, 4, 8), edits: { "/spec/steps/1/timeoutSeconds": 5, "/spec/suspend": true } },
  { in: ["test"], of: pipelines(0, 3, 6, 9), edits: { "/spec/steps/2/env/0/value": "verbose" } },
  { in: ["preprod"], of: pipelines(0, 5, 10), edits: { "/spec/schedule": "30 3 * * *" } },
  {
    in: ["prod"],
    of: pipelines(0, 2, 4, 6, 8, 10),
    edits: { "/spec/steps/-": { name: "sign", image: "registry.example.com/tools/sign:1.0", key: { slot: 7 } } },
  },
  { in: ["dev"], of: routes(1, 5), edits: { "/spec/options/retry.on~15xx": undefined } },
  { in: ["prod"], of: routes(1, 3, 7), edits: { "/spec/rules/1/to/0/weight": 90, "/spec/rules/1/to/1/weight": 10 } },
  { in: ["prod"], of: routes(2), edits: { "/spec/options/empty": { "now~full/": true } } },
  { in: ["test"], of: routes(11), edits: "gone" },
  { in: ["prod"], of: [`${GROUP}/Ledger payments/ledger-0`], edits: { "/spec/limits/daily": 9223372036854775806n } },
  { in: ["prod"], of: [`${GROUP}/Ledger payments/ledger-1`], edits: { "/spec/accounts/0/serial": 9007199254740997n } },
  { in: ["dev"], of: [`${GROUP}/Ledger payments/ledger-2`], edits: { "/metadata/annotations": { note: "on trial" } } },
  { in: ["prod"], of: [`${GROUP}/Deployment payments/api`], edits: { "/spec/replicas": 6 } },
  {
    in: ["prod"],
    of: ["apps/Deployment payments/api", "apps/Deployment payments/web"],
    edits: { "/spec/replicas": 5 },
  },
  { in: ["preprod"], of: ["apps/Deployment payments/web"], edits: { "/spec/replicas": 2 } },
  {
    in: ["prod"],
    of: ["apps/Deployment payments/web"],
    edits: { [`${CONTAINER}/resources/limits/memory`]: "2Gi", [`${CONTAINER}/env/1/value`]: "warn" },
  },
  {
    in: ["dev"],
    of: ["apps/Deployment payments/worker"],
    edits: {
      "/spec/template/spec/containers/-": {
        name: "debug",
        image: "docker.io/library/busybox:1.37",
        command: ["sleep", "1d"],
      },
    },
  },
  {
    in: ["test"],
    of: ["batch/CronJob payments/settle"],
    edits: { "/spec/suspend": true, "/spec/schedule": "@hourly" },
  },
  {
    in: ["prod"],
    of: ["apps/StatefulSet payments/db"],
    edits: {
      "/spec/replicas": 3,
      "/spec/volumeClaimTemplates/0/spec/storageClassName": "fast",
      "/spec/volumeClaimTemplates/0/spec/resources/requests/storage": "200Gi",
    },
  },
];

function pipelines(...numbers: readonly number[]): string[] {
  return numbers.map((number) => `${GROUP}/Pipeline payments/pipeline-${number}`);
}

function routes(...numbers: readonly number[]): string[] {
  return numbers.map((number) => `${GROUP}/Route payments/route-${number}`);
}

function numbered(count: number, make: (number: number) => JsonObject): JsonObject[] {
  return Array.from({ length: count }, (_, number) => make(number));
}

function pipeline(number: number, stage: Stage): JsonObject {
  const steps = ["fetch", "check", "book", "report"].map((name, index) => ({
    name,
    image: `registry.example.com/tools/${name}:1.${index}`,
    timeoutSeconds: 60 + number,
    env: [{ name: "LOG", value: "info" }, { name: "STEP" }],
    when: { branches: ["main", "release/*"], "not.before": "06:00" },
  }));
  return custom("Pipeline", `pipeline-${number}`, {
    schedule: `${number} 2 * * *`,
    steps,
    template: { spec: { containers: [{ name: "runner", image: "registry.example.com/tools/runner:2.4" }] } },
    notify: { "chat/payments": { on: ["failure"] }, mail: { to: `payments@${domainOf(stage)}` } },
  });
}

function route(number: number, stage: Stage): JsonObject {
  const to = [
    { service: "web", weight: 50 },
    { service: "web-next", weight: 50 },
  ];
  return custom("Route", `route-${number}`, {
    hosts: [`pay${number}.${domainOf(stage)}`, "pay.internal"],
    rules: [
      { match: { path: "/a~b", headers: { "x-tenant/id": `tenant-${number}` } }, to },
      { match: { path: "/", method: "POST" }, to },
      { match: {}, to: [{ service: "api", weight: 100 }] },
    ],
    options: { "retry.on/5xx": { times: 3 }, empty: {}, none: [], text: "" },
  });
}

function ledger(number: number): JsonObject {
  return custom("Ledger", `ledger-${number}`, {
    serial: 9007199254740993n + BigInt(number),
    limits: { daily: 9223372036854775807n, hourly: 1000 },
    accounts: ["fees", "taxes", "payouts"].map((name) => ({
      name,
      serial: 9007199254740995n,
      currencies: ["EUR", "USD"],
    })),
  });
}

function workloads(stage: Stage): JsonObject[] {
  const web = container("web", "registry.example.com/payments/web:3.1.4");
  const claim = {
    accessModes: ["ReadWriteOnce"],
    storageClassName: "standard",
    resources: { requests: { storage: "20Gi" } },
  };
  const settle = container("settle", "registry.example.com/payments/settle:3.1.4");
  const job = { volumes: VOLUMES, containers: [settle], restartPolicy: "Never" };
  const host = `pay.${domainOf(stage)}`;
  const backend = { service: { name: "web", port: { number: 80 } } };
  return [
    deployment("web", web),
    deployment("api", container("api", "registry.example.com/payments/api:3.1.4")),
    deployment("worker", container("worker", "registry.example.com/payments/api:3.1.4")),
    // Of another group, with a name that one of apps has: kustomize's `replicas` takes one for the other.
    custom("Deployment", "api", { replicas: 2, regions: ["north", "south"] }),
    inside("v1", "Service", "web", {
      spec: { selector: { app: "web" }, ports: [{ name: "http", port: 80, targetPort: 8080 }] },
    }),
    inside("apps/v1", "StatefulSet", "db", {
      spec: {
        serviceName: "db",
        replicas: 1,
        ...pods("db", { containers: [container("db", "registry.example.com/payments/db:17.2")] }),
        volumeClaimTemplates: [{ metadata: { name: "data" }, spec: claim }],
      },
    }),
    inside("batch/v1", "CronJob", "settle", {
      spec: { schedule: "15 1 * * *", jobTemplate: { spec: { template: { spec: job } } } },
    }),
    inside("networking.k8s.io/v1", "Ingress", "web", {
      spec: { rules: [{ host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }] },
    }),
  ];
}

/** One text of which a line differs, and one of which every line does. */
function texts(stage: Stage): JsonObject[] {
  const settings = ["currency: EUR", `callback: https://pay.${domainOf(stage)}/done`, "retries: 3", ""].join("\n");
  const cells = numbered(40, (number) => ({ [`cell-${number}`]: `${stage}-${(number * 7919) % 1009}` }));
  return [
    inside("v1", "ConfigMap", "settings", { data: { "settings.yaml": settings, mode: "strict" } }),
    inside("v1", "ConfigMap", "cells", { data: Object.assign({}, ...cells) as JsonObject }),
  ];
}

function container(name: string, image: string): JsonObject {
  return {
    name,
    image,
    ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }],
    env: [
      { name: "APP", value: name },
      { name: "LOG_LEVEL", value: "info" },
      { name: "CONFIG", value: "/etc/payments" },
    ],
    resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "512Mi" } },
    volumeMounts: [{ name: "settings", mountPath: "/etc/payments" }],
  };
}

function deployment(name: string, main: JsonObject): JsonObject {
  return inside("apps/v1", "Deployment", name, { spec: { replicas: 1, ...pods(name, { containers: [main] }) } });
}

function pods(app: string, spec: JsonObject): JsonObject {
  const template = { metadata: { labels: { app } }, spec: { volumes: VOLUMES, ...spec } };
  return { selector: { matchLabels: { app } }, template };
}

function custom(kind: string, name: string, spec: JsonObject): JsonObject {
  return inside(`${GROUP}/v1`, kind, name, { spec });
}

function inside(apiVersion: string, kind: string, name: string, more: JsonObject): JsonObject {
  return { apiVersion, kind, metadata: { name, namespace: "payments" }, ...more };
}

function imagesOf(stage: Stage): (image: string) => string {
  if (stage === "dev") return (image) => image.replace(/(payments\/(?:api|web)):3\.1\.4$/, "$1:3.2.0-rc1");
  if (stage === "preprod") return (image) => image.replace(/(tools\/runner):.*/, "$1:2.3");
  if (stage !== "prod") return (image) => image;
  return (image) =>
    image.replace(/^registry\.example\.com\//, "registry.prod.example.com/").replace(/(runner):.*/, "$1:2.3");
}
