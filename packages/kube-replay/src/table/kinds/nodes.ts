import { compareUtf8, isJsonObject, type JsonObject } from "@kubeferry/model";
import { ageColumn, booleanColumn, integerColumn, nameColumn, type PrintedKind, textColumn, wide } from "../columns.ts";
import { conditionOf, integer, isTrue, objects, text, valueAt } from "../fields.ts";

const ROLE_PREFIX = "node-role.kubernetes.io/";

/** Nodes, and what decides which Pods run there and how. */
export const nodes: Readonly<Record<string, PrintedKind>> = {
  "/Node": {
    columns: [
      nameColumn,
      textColumn("Status", status),
      textColumn("Roles", (node) => roles(node).join(",") || "<none>"),
      ageColumn,
      textColumn("Version", (node) => text(node, "status", "nodeInfo", "kubeletVersion")),
      wide(textColumn("Internal-IP", (node) => address(node, "InternalIP"))),
      wide(textColumn("External-IP", (node) => address(node, "ExternalIP"))),
      wide(textColumn("OS-Image", (node) => info(node, "osImage"))),
      wide(textColumn("Kernel-Version", (node) => info(node, "kernelVersion"))),
      wide(textColumn("Container-Runtime", (node) => info(node, "containerRuntimeVersion"))),
    ],
  },
  "node.k8s.io/RuntimeClass": {
    columns: [nameColumn, textColumn("Handler", (object) => text(object, "handler")), ageColumn],
  },
  "scheduling.k8s.io/PriorityClass": {
    columns: [
      nameColumn,
      integerColumn("Value", (object) => integer(object, "value")),
      booleanColumn("Global-Default", (object) => isTrue(object, "globalDefault")),
      ageColumn,
      textColumn("PreemptionPolicy", (object) => text(object, "preemptionPolicy")),
    ],
  },
  "scheduling.k8s.io/Workload": { columns: [nameColumn, ageColumn] },
};

function status(node: JsonObject): string {
  const ready = conditionOf(node, "Ready");
  const state = ready === undefined ? "Unknown" : ready.status === "True" ? "Ready" : "NotReady";
  return isTrue(node, "spec", "unschedulable") ? `${state},SchedulingDisabled` : state;
}

function roles(node: JsonObject): string[] {
  const labels = valueAt(node, "metadata", "labels");
  if (!isJsonObject(labels)) return [];
  const found = Object.entries(labels).map(([name, value]) => {
    if (name.startsWith(ROLE_PREFIX)) return name.slice(ROLE_PREFIX.length);
    return name === "kubernetes.io/role" ? String(value) : "";
  });
  return [...new Set(found.filter((role) => role !== ""))].toSorted(compareUtf8);
}

function address(node: JsonObject, type: string): string {
  const found = objects(node, "status", "addresses").find((each) => each.type === type);
  return found === undefined ? "<none>" : text(found, "address");
}

function info(node: JsonObject, field: string): string {
  return text(node, "status", "nodeInfo", field) || "<unknown>";
}
