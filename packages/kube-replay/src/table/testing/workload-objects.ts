import type { JsonObject } from "@kubeferry/model";
import { condition, DELETED, LABELS, type Planted, planted, SELECTOR, TEMPLATE } from "./plant.ts";

const NODE_TEMPLATE = { ...TEMPLATE, spec: { ...TEMPLATE.spec, nodeSelector: { disk: "ssd", arch: "arm64" } } };

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

/** Workloads, jobs and templates. */
export const workloadObjects: readonly Planted[] = [...workloads, ...jobs];
