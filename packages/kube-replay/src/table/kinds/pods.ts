import type { JsonObject } from "@kubeferry/model";
import { ageColumn, nameColumn, type PrintedKind, textColumn, wide } from "../columns.ts";
import { conditionOf, objects, text, valueAt } from "../fields.ts";
import { since } from "../human-duration.ts";
import { labelsText } from "../label-text.ts";
import { containerNames, images } from "./containers.ts";
import { podState } from "./pod-state.ts";

/** Pods and their templates. */
export const pods: Readonly<Record<string, PrintedKind>> = {
  "/Pod": {
    columns: [
      nameColumn,
      textColumn("Ready", (pod) => {
        const { ready, total } = podState(pod);
        return `${ready}/${total}`;
      }),
      textColumn("Status", (pod) => podState(pod).status),
      textColumn("Restarts", restarts),
      ageColumn,
      wide(textColumn("IP", (pod) => text(objects(pod, "status", "podIPs")[0], "ip") || "<none>")),
      wide(textColumn("Node", (pod) => text(pod, "spec", "nodeName") || "<none>")),
      wide(textColumn("Nominated Node", (pod) => text(pod, "status", "nominatedNodeName") || "<none>")),
      wide(textColumn("Readiness Gates", readinessGates)),
    ],
    conditions,
  },
  "/PodTemplate": {
    columns: [
      nameColumn,
      textColumn("Containers", containerNames("template", "spec")),
      textColumn("Images", images("template", "spec")),
      textColumn("Pod Labels", (template) => labelsText(valueAt(template, "template", "metadata", "labels"))),
    ],
  },
};

function restarts(pod: JsonObject, now: Date): string {
  const state = podState(pod);
  const ago = state.lastRestart === "" || state.restarts === 0 ? "" : ` (${since(state.lastRestart, now)} ago)`;
  return `${state.restarts}${ago}`;
}

function readinessGates(pod: JsonObject): string {
  const gates = objects(pod, "spec", "readinessGates");
  if (gates.length === 0) return "<none>";
  const open = gates.filter((gate) => conditionOf(pod, text(gate, "conditionType"))?.status === "True");
  return `${open.length}/${gates.length}`;
}

function conditions(pod: JsonObject): JsonObject[] {
  const phase = text(pod, "status", "phase");
  const completed = { type: "Completed", status: "True", reason: phase };
  if (phase === "Succeeded") return [{ ...completed, message: "The pod has completed successfully." }];
  return phase === "Failed" ? [{ ...completed, message: "The pod failed." }] : [];
}
