import type { JsonObject } from "@kubeferry/model";
import { ageColumn, integerColumn, nameColumn, type PrintedKind, textColumn, wide } from "../columns.ts";
import { integer, objects, text, valueAt } from "../fields.ts";
import { bareSelectorText, labelsText, selectorText } from "../label-text.ts";
import { containerColumns } from "./containers.ts";

const TEMPLATE = ["spec", "template", "spec"] as const;

const selectorColumn = wide(textColumn("Selector", (object) => selectorText(valueAt(object, "spec", "selector"))));

const replicaColumns = [
  integerColumn("Desired", (object) => integer(object, "spec", "replicas")),
  integerColumn("Current", (object) => integer(object, "status", "replicas")),
  integerColumn("Ready", (object) => integer(object, "status", "readyReplicas")),
];

const readyColumn = textColumn(
  "Ready",
  (object) => `${integer(object, "status", "readyReplicas")}/${integer(object, "spec", "replicas")}`,
);

/** What keeps Pods running. */
export const workloads: Readonly<Record<string, PrintedKind>> = {
  "apps/Deployment": {
    columns: [
      nameColumn,
      readyColumn,
      textColumn("Up-to-date", (object) => integer(object, "status", "updatedReplicas")),
      textColumn("Available", (object) => integer(object, "status", "availableReplicas")),
      ageColumn,
      ...containerColumns(...TEMPLATE),
      wide(textColumn("Selector", (object) => bareSelectorText(valueAt(object, "spec", "selector")))),
    ],
  },
  "apps/ReplicaSet": {
    columns: [nameColumn, ...replicaColumns, ageColumn, ...containerColumns(...TEMPLATE), selectorColumn],
  },
  "/ReplicationController": {
    columns: [
      nameColumn,
      ...replicaColumns,
      ageColumn,
      ...containerColumns(...TEMPLATE),
      // A plain map, not a selector.
      wide(textColumn("Selector", (object) => labelsText(valueAt(object, "spec", "selector")))),
    ],
  },
  "apps/StatefulSet": { columns: [nameColumn, readyColumn, ageColumn, ...containerColumns(...TEMPLATE)] },
  "apps/DaemonSet": {
    columns: [
      nameColumn,
      integerColumn("Desired", (object) => integer(object, "status", "desiredNumberScheduled")),
      integerColumn("Current", (object) => integer(object, "status", "currentNumberScheduled")),
      integerColumn("Ready", (object) => integer(object, "status", "numberReady")),
      integerColumn("Up-to-date", (object) => integer(object, "status", "updatedNumberScheduled")),
      integerColumn("Available", (object) => integer(object, "status", "numberAvailable")),
      textColumn("Node Selector", (object) => labelsText(valueAt(object, ...TEMPLATE, "nodeSelector"))),
      ageColumn,
      ...containerColumns(...TEMPLATE),
      selectorColumn,
    ],
  },
  "apps/ControllerRevision": {
    columns: [
      nameColumn,
      textColumn("Controller", controllerName),
      textColumn("Revision", (object) => integer(object, "revision")),
      ageColumn,
    ],
  },
};

function controllerName(object: JsonObject): string {
  const owner = objects(object, "metadata", "ownerReferences").find((each) => each.controller === true);
  if (owner === undefined) return "<none>";
  const group = /^(.*)\//.exec(text(owner, "apiVersion"))?.[1];
  const kind = group === undefined ? text(owner, "kind") : `${text(owner, "kind")}.${group}`;
  return `${kind.toLowerCase()}/${text(owner, "name")}`;
}
