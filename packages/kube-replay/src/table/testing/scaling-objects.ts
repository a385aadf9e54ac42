import type { JsonObject } from "@kubeferry/model";
import { type Planted, planted } from "./plant.ts";

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

/** Events, autoscalers and budgets. */
export const scalingObjects: readonly Planted[] = [...events, ...autoscaling];
