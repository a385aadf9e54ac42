import type { JsonObject } from "@kubeferry/model";
import { ageColumn, nameColumn, type PrintedKind, textColumn } from "../columns.ts";
import { isDeleted, sizeAt, text, valueAt } from "../fields.ts";
import { since } from "../human-duration.ts";

/** Devices that Pods claim: dynamic resource allocation. */
export const devices: Readonly<Record<string, PrintedKind>> = {
  "resource.k8s.io/DeviceClass": { columns: [nameColumn, ageColumn] },
  "resource.k8s.io/ResourceClaim": { columns: [nameColumn, textColumn("State", claimState), ageColumn] },
  "resource.k8s.io/ResourceClaimTemplate": { columns: [nameColumn, ageColumn] },
  "resource.k8s.io/ResourceSlice": {
    columns: [
      nameColumn,
      textColumn("Node", (slice) => text(slice, "spec", "nodeName")),
      textColumn("Driver", (slice) => text(slice, "spec", "driver")),
      textColumn("Pool", (slice) => text(slice, "spec", "pool", "name")),
      ageColumn,
    ],
  },
  "resource.k8s.io/DeviceTaintRule": {
    columns: [
      nameColumn,
      textColumn("Key", (rule) => text(rule, "spec", "taint", "key")),
      textColumn("Value", (rule) => text(rule, "spec", "taint", "value")),
      textColumn("Effect", (rule) => text(rule, "spec", "taint", "effect")),
      textColumn("TimeAdded", (rule, now) => {
        const added = text(rule, "spec", "taint", "timeAdded");
        return added === "" ? "" : since(added, now);
      }),
      ageColumn,
    ],
  },
};

function claimState(claim: JsonObject): string {
  const deleted = isDeleted(claim) ? ["deleted"] : [];
  if (valueAt(claim, "status", "allocation") === undefined) return deleted[0] ?? "pending";
  const reserved = sizeAt(claim, "status", "reservedFor") > 0 ? ["reserved"] : [];
  return [...deleted, "allocated", ...reserved].join(",");
}
