import type { JsonObject, JsonValue } from "@kubeferry/model";
import { ageColumn, createdAtColumn, nameColumn, type PrintedKind, textColumn } from "../columns.ts";
import { conditionOf, integer, objects, text, valueAt } from "../fields.ts";
import { firstThree } from "../first-three.ts";

const QUEUING = ["spec", "limited", "limitResponse", "queuing"] as const;
const MIGRATION_STATES = ["Running", "Failed", "Succeeded"];

/** What the API server keeps for itself and for those who watch it. */
export const controlPlane: Readonly<Record<string, PrintedKind>> = {
  "apiextensions.k8s.io/CustomResourceDefinition": { columns: [nameColumn, createdAtColumn] },
  "apiregistration.k8s.io/APIService": {
    columns: [nameColumn, textColumn("Service", service), textColumn("Available", available), ageColumn],
  },
  "/ComponentStatus": {
    columns: [
      nameColumn,
      textColumn("Status", componentState),
      textColumn("Message", (object) => text(healthy(object), "message")),
      textColumn("Error", (object) => text(healthy(object), "error")),
    ],
  },
  "coordination.k8s.io/Lease": {
    columns: [nameColumn, textColumn("Holder", (lease) => text(lease, "spec", "holderIdentity")), ageColumn],
  },
  "coordination.k8s.io/LeaseCandidate": {
    columns: [
      nameColumn,
      textColumn("LeaseName", (candidate) => text(candidate, "spec", "leaseName")),
      textColumn("BinaryVersion", (candidate) => text(candidate, "spec", "binaryVersion")),
      textColumn("EmulationVersion", (candidate) => text(candidate, "spec", "emulationVersion")),
      ageColumn,
    ],
  },
  "flowcontrol.apiserver.k8s.io/FlowSchema": {
    columns: [
      nameColumn,
      textColumn("PriorityLevel", (schema) => text(schema, "spec", "priorityLevelConfiguration", "name")),
      textColumn("MatchingPrecedence", (schema) => integer(schema, "spec", "matchingPrecedence")),
      textColumn("DistinguisherMethod", (schema) => text(schema, "spec", "distinguisherMethod", "type") || "<none>"),
      ageColumn,
      textColumn("MissingPL", (schema) => text(conditionOf(schema, "Dangling"), "status") || "?"),
    ],
  },
  "flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration": {
    columns: [
      nameColumn,
      textColumn("Type", (level) => text(level, "spec", "type")),
      textColumn("NominalConcurrencyShares", (level) => orNone(level, "spec", "limited", "nominalConcurrencyShares")),
      textColumn("Queues", (level) => orNone(level, ...QUEUING, "queues")),
      textColumn("HandSize", (level) => orNone(level, ...QUEUING, "handSize")),
      textColumn("QueueLengthLimit", (level) => orNone(level, ...QUEUING, "queueLengthLimit")),
      ageColumn,
    ],
  },
  "internal.apiserver.k8s.io/StorageVersion": {
    columns: [
      nameColumn,
      textColumn("CommonEncodingVersion", (object) => text(object, "status", "commonEncodingVersion") || "<unset>"),
      textColumn("StorageVersions", storageVersions),
      ageColumn,
    ],
  },
  "storagemigration.k8s.io/StorageVersionMigration": {
    columns: [
      { ...nameColumn, format: "" },
      textColumn("Resource", migratedResource),
      textColumn("Status", migrationState),
    ],
  },
};

function service(object: JsonObject): string {
  const found = valueAt(object, "spec", "service");
  return found === undefined ? "Local" : `${text(found, "namespace")}/${text(found, "name")}`;
}

function available(object: JsonObject): string {
  const condition = conditionOf(object, "Available");
  if (condition === undefined) return "Unknown";
  const reason = text(condition, "reason");
  const status = text(condition, "status");
  return status === "True" || reason === "" ? status : `${status} (${reason})`;
}

function healthy(object: JsonObject): JsonObject | undefined {
  return objects(object, "conditions").find((condition) => condition.type === "Healthy");
}

function componentState(object: JsonObject): string {
  const condition = healthy(object);
  if (condition === undefined) return "Unknown";
  return condition.status === "True" ? "Healthy" : "Unhealthy";
}

function orNone(object: JsonObject, ...path: readonly string[]): JsonValue {
  return valueAt(object, ...path) ?? "<none>";
}

function storageVersions(object: JsonObject): string {
  const versions = objects(object, "status", "storageVersions");
  return (
    firstThree(versions.map((each) => `${text(each, "apiServerID")}=${text(each, "encodingVersion")}`)) || "<unset>"
  );
}

function migratedResource(object: JsonObject): string {
  const resource = valueAt(object, "spec", "resource");
  const group = text(resource, "group");
  return `${text(resource, "resource")}${group === "" ? "" : `.${group}`}`;
}

function migrationState(object: JsonObject): string {
  const states = objects(object, "status", "conditions").filter((condition) => condition.status === "True");
  return states.map((state) => text(state, "type")).findLast((type) => MIGRATION_STATES.includes(type)) ?? "Unknown";
}
