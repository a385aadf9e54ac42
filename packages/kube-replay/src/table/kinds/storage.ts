import type { JsonObject } from "@kubeferry/model";
import {
  ageColumn,
  booleanColumn,
  createdAtColumn,
  integerColumn,
  nameColumn,
  type PrintedKind,
  textColumn,
  wide,
} from "../columns.ts";
import { isDeleted, isTrue, objects, sizeAt, text, texts, valueAt } from "../fields.ts";

const BETA_CLASS = "volume.beta.kubernetes.io/storage-class";
const DEFAULT_CLASS = [
  "storageclass.kubernetes.io/is-default-class",
  "storageclass.beta.kubernetes.io/is-default-class",
];

const ACCESS_MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};

const attributesColumn = textColumn(
  "VolumeAttributesClass",
  (object) => text(object, "spec", "volumeAttributesClassName") || "<unset>",
);
const modeColumn = wide(textColumn("VolumeMode", (object) => text(object, "spec", "volumeMode") || "<unset>"));

/** Volumes, claims, classes and drivers. */
export const storage: Readonly<Record<string, PrintedKind>> = {
  "/PersistentVolume": {
    columns: [
      nameColumn,
      textColumn("Capacity", (volume) => text(volume, "spec", "capacity", "storage") || "0"),
      textColumn("Access Modes", (volume) => accessModes(texts(volume, "spec", "accessModes"))),
      textColumn("Reclaim Policy", (volume) => text(volume, "spec", "persistentVolumeReclaimPolicy")),
      textColumn("Status", phase),
      textColumn("Claim", claimOf),
      textColumn("StorageClass", storageClass),
      attributesColumn,
      textColumn("Reason", (volume) => text(volume, "status", "reason")),
      ageColumn,
      modeColumn,
    ],
  },
  "/PersistentVolumeClaim": {
    columns: [
      nameColumn,
      textColumn("Status", phase),
      textColumn("Volume", (claim) => text(claim, "spec", "volumeName")),
      textColumn(
        "Capacity",
        ifBound((claim) => text(claim, "status", "capacity", "storage") || "0"),
      ),
      textColumn(
        "Access Modes",
        ifBound((claim) => accessModes(texts(claim, "status", "accessModes"))),
      ),
      textColumn("StorageClass", storageClass),
      attributesColumn,
      ageColumn,
      modeColumn,
    ],
  },
  "storage.k8s.io/StorageClass": {
    columns: [
      { ...nameColumn, cell: className },
      textColumn("Provisioner", (object) => text(object, "provisioner")),
      textColumn("ReclaimPolicy", (object) => text(object, "reclaimPolicy") || "Delete"),
      textColumn("VolumeBindingMode", (object) => text(object, "volumeBindingMode") || "Immediate"),
      textColumn("AllowVolumeExpansion", (object) => isTrue(object, "allowVolumeExpansion")),
      ageColumn,
    ],
  },
  "storage.k8s.io/VolumeAttributesClass": {
    columns: [nameColumn, textColumn("DriverName", (object) => text(object, "driverName")), ageColumn],
  },
  "storage.k8s.io/VolumeAttachment": {
    columns: [
      nameColumn,
      { ...textColumn("Attacher", (object) => text(object, "spec", "attacher")), format: "name" },
      textColumn("PV", (object) => text(object, "spec", "source", "persistentVolumeName")),
      textColumn("Node", (object) => text(object, "spec", "nodeName")),
      booleanColumn("Attached", (object) => isTrue(object, "status", "attached")),
      ageColumn,
    ],
  },
  "storage.k8s.io/CSINode": {
    columns: [nameColumn, integerColumn("Drivers", (object) => sizeAt(object, "spec", "drivers")), ageColumn],
  },
  "storage.k8s.io/CSIDriver": {
    columns: [
      nameColumn,
      booleanColumn("AttachRequired", (driver) => valueAt(driver, "spec", "attachRequired") !== false),
      booleanColumn("PodInfoOnMount", (driver) => isTrue(driver, "spec", "podInfoOnMount")),
      booleanColumn("StorageCapacity", (driver) => isTrue(driver, "spec", "storageCapacity")),
      textColumn("TokenRequests", tokenAudiences),
      booleanColumn("RequiresRepublish", (driver) => isTrue(driver, "spec", "requiresRepublish")),
      textColumn("Modes", (driver) => texts(driver, "spec", "volumeLifecycleModes").join(",") || "<none>"),
      ageColumn,
    ],
  },
  "storage.k8s.io/CSIStorageCapacity": { columns: [nameColumn, createdAtColumn] },
};

function phase(object: JsonObject): string {
  return isDeleted(object) ? "Terminating" : text(object, "status", "phase");
}

function ifBound(cell: (claim: JsonObject) => string): (claim: JsonObject) => string {
  return (claim) => (text(claim, "spec", "volumeName") === "" ? "" : cell(claim));
}

function claimOf(volume: JsonObject): string {
  const claim = valueAt(volume, "spec", "claimRef");
  return claim === undefined ? "" : `${text(claim, "namespace")}/${text(claim, "name")}`;
}

function storageClass(object: JsonObject): string {
  const annotated = valueAt(object, "metadata", "annotations", BETA_CLASS);
  return typeof annotated === "string" ? annotated : text(object, "spec", "storageClassName");
}

/** Short names in a fixed order, each once. */
function accessModes(modes: readonly string[]): string {
  const known = Object.entries(ACCESS_MODES).filter(([mode]) => modes.includes(mode));
  return known.map(([, short]) => short).join(",");
}

function className(object: JsonObject): string {
  const isDefault = DEFAULT_CLASS.some((name) => text(object, "metadata", "annotations", name) === "true");
  return `${text(object, "metadata", "name")}${isDefault ? " (default)" : ""}`;
}

function tokenAudiences(driver: JsonObject): string {
  if (valueAt(driver, "spec", "tokenRequests") === undefined) return "<unset>";
  return objects(driver, "spec", "tokenRequests")
    .map((request) => text(request, "audience"))
    .join(",");
}
