import { compareUtf8, isJsonObject, type JsonObject } from "@kubeferry/model";
import { ageColumn, createdAtColumn, nameColumn, type PrintedKind, textColumn } from "../columns.ts";
import { sizeAt, text, valueAt } from "../fields.ts";

/** Namespaces, and what lies in them for others to use. */
export const config: Readonly<Record<string, PrintedKind>> = {
  "/Namespace": {
    columns: [nameColumn, textColumn("Status", (namespace) => text(namespace, "status", "phase")), ageColumn],
  },
  "/ConfigMap": {
    columns: [nameColumn, textColumn("Data", (map) => sizeAt(map, "data") + sizeAt(map, "binaryData")), ageColumn],
  },
  "/Secret": {
    columns: [
      nameColumn,
      textColumn("Type", (secret) => text(secret, "type")),
      textColumn("Data", (secret) => sizeAt(secret, "data")),
      ageColumn,
    ],
  },
  "/ServiceAccount": { columns: [nameColumn, ageColumn] },
  "/LimitRange": { columns: [nameColumn, createdAtColumn] },
  "/ResourceQuota": {
    columns: [
      nameColumn,
      textColumn("Request", (quota) => quotaText(quota, (resource) => !isLimit(resource))),
      textColumn("Limit", (quota) => quotaText(quota, isLimit)),
      ageColumn,
    ],
  },
};

function isLimit(resource: string): boolean {
  return resource.startsWith("limits.");
}

/** "pods: 3/10, requests.cpu: 1/4": used of allowed. */
function quotaText(quota: JsonObject, isShown: (resource: string) => boolean): string {
  const hard = valueAt(quota, "status", "hard");
  const resources = isJsonObject(hard) ? Object.keys(hard).filter(isShown).toSorted(compareUtf8) : [];
  return resources
    .map((name) => `${name}: ${text(quota, "status", "used", name) || "0"}/${text(quota, "status", "hard", name)}`)
    .join(", ");
}
