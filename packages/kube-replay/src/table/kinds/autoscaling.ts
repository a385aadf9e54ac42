import type { JsonObject, JsonValue } from "@kubeferry/model";
import { ageColumn, integerColumn, nameColumn, type PrintedKind, textColumn } from "../columns.ts";
import { integer, objects, text, valueAt } from "../fields.ts";

const METRICS_SHOWN = 2;

/** Where a metric of each type is described, in its spec and in its status. */
const PARTS: Readonly<Record<string, string>> = {
  External: "external",
  Pods: "pods",
  Object: "object",
  Resource: "resource",
  ContainerResource: "containerResource",
};

/** What changes how many Pods there are, and what limits that. */
export const autoscaling: Readonly<Record<string, PrintedKind>> = {
  "autoscaling/HorizontalPodAutoscaler": {
    columns: [
      nameColumn,
      textColumn("Reference", (hpa) => {
        const target = valueAt(hpa, "spec", "scaleTargetRef");
        return `${text(target, "kind")}/${text(target, "name")}`;
      }),
      textColumn("Targets", targets),
      textColumn("MinPods", (hpa) => String(valueAt(hpa, "spec", "minReplicas") ?? "<unset>")),
      textColumn("MaxPods", (hpa) => integer(hpa, "spec", "maxReplicas")),
      textColumn("Replicas", (hpa) => integer(hpa, "status", "currentReplicas")),
      ageColumn,
    ],
  },
  "policy/PodDisruptionBudget": {
    columns: [
      nameColumn,
      textColumn("Min Available", (budget) => String(valueAt(budget, "spec", "minAvailable") ?? "N/A")),
      textColumn("Max Unavailable", (budget) => String(valueAt(budget, "spec", "maxUnavailable") ?? "N/A")),
      integerColumn("Allowed Disruptions", (budget) => integer(budget, "status", "disruptionsAllowed")),
      ageColumn,
    ],
  },
};

/** "cpu: 41%/80%, 12/10 (avg) + 1 more...": the current value and the one that is aimed at. */
function targets(hpa: JsonObject): string {
  const percentOfCpu = valueAt(hpa, "spec", "targetCPUUtilizationPercentage");
  if (typeof percentOfCpu === "number") return cpuTarget(hpa, percentOfCpu);
  const current = objects(hpa, "status", "currentMetrics");
  const all = objects(hpa, "spec", "metrics").map((metric, index) => metricText(metric, current[index]));
  if (all.length === 0) return "<none>";
  const shown = all.slice(0, METRICS_SHOWN).join(", ");
  return all.length > METRICS_SHOWN ? `${shown} + ${all.length - METRICS_SHOWN} more...` : shown;
}

/** Version 1 has a field for the CPU; other metrics are hidden in an annotation there, and are not shown. */
function cpuTarget(hpa: JsonObject, wanted: number): string {
  const current = valueAt(hpa, "status", "currentCPUUtilizationPercentage");
  return `cpu: ${typeof current === "number" ? `${current}%` : "<unknown>"}/${wanted}%`;
}

function metricText(metric: JsonObject, status: JsonObject | undefined): string {
  const type = text(metric, "type");
  const part = PARTS[type];
  if (part === undefined) return "<unknown type>";
  const wanted = valueAt(metric, part, "target");
  const current = valueAt(status, part, "current");
  if (type === "Pods") return `${quantity(current, "averageValue")}/${quantity(wanted, "averageValue")}`;
  if (type === "Resource" || type === "ContainerResource") {
    return `${text(metric, part, "name")}: ${resourceText(wanted, current)}`;
  }
  const average = text(wanted, "averageValue");
  if (average === "") return `${quantity(current, "value")}/${quantity(wanted, "value")}`;
  return `${quantity(current, "averageValue")}/${average} (avg)`;
}

function resourceText(wanted: JsonValue | undefined, current: JsonValue | undefined): string {
  const average = text(wanted, "averageValue");
  if (average !== "") return `${quantity(current, "averageValue")}/${average}`;
  return `${percent(current) ?? "<unknown>"}/${percent(wanted) ?? "<auto>"}`;
}

function percent(metric: JsonValue | undefined): string | undefined {
  const value = valueAt(metric, "averageUtilization");
  return typeof value === "number" ? `${value}%` : undefined;
}

function quantity(metric: JsonValue | undefined, field: string): string {
  return text(metric, field) || "<unknown>";
}
