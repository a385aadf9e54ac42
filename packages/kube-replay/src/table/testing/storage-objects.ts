import type { JsonObject } from "@kubeferry/model";
import { DELETED, type Planted, planted } from "./plant.ts";

const claim = (name: string, spec: JsonObject, status: JsonObject, metadata: JsonObject = {}): Planted =>
  planted(`persistentvolumeclaims/shop/${name}`, "v1", "PersistentVolumeClaim", { spec, status }, metadata);
const storageClass = (name: string, body: JsonObject, annotations: JsonObject = {}): Planted =>
  planted(`storageclasses/${name}`, "storage.k8s.io/v1", "StorageClass", body, { annotations });

const storage: readonly Planted[] = [
  planted("persistentvolumes/pv-1", "v1", "PersistentVolume", {
    spec: {
      capacity: { storage: "10Gi" },
      accessModes: ["ReadWriteMany", "ReadOnlyMany", "ReadWriteOnce", "ReadWriteOnce", "ReadWriteOncePod"],
      persistentVolumeReclaimPolicy: "Retain",
      claimRef: { namespace: "shop", name: "data" },
      storageClassName: "fast",
      volumeAttributesClassName: "gold",
      volumeMode: "Block",
    },
    status: { phase: "Failed", reason: "RecyclerFailed" },
  }),
  planted(
    "persistentvolumes/pv-2",
    "v1",
    "PersistentVolume",
    { spec: {}, status: { phase: "Available" } },
    {
      ...DELETED,
      annotations: { "volume.beta.kubernetes.io/storage-class": "old" },
    },
  ),
  claim(
    "data",
    {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "fast",
      volumeName: "pv-1",
      volumeMode: "Block",
      volumeAttributesClassName: "gold",
      resources: { requests: { storage: "5Gi" } },
    },
    { phase: "Bound", capacity: { storage: "10Gi" }, accessModes: ["ReadWriteMany", "ReadWriteOnce"] },
  ),
  claim("waiting", { resources: { requests: { storage: "5Gi" } } }, { phase: "Pending" }),
  claim(
    "leaving",
    { volumeName: "pv-9" },
    { phase: "Bound" },
    {
      ...DELETED,
      annotations: { "volume.beta.kubernetes.io/storage-class": "old" },
    },
  ),
  storageClass(
    "fast",
    {
      provisioner: "csi.example",
      reclaimPolicy: "Retain",
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: true,
    },
    { "storageclass.kubernetes.io/is-default-class": "true" },
  ),
  storageClass("old", { provisioner: "old.example" }, { "storageclass.beta.kubernetes.io/is-default-class": "true" }),
  storageClass("plain", { provisioner: "plain.example" }, { "storageclass.kubernetes.io/is-default-class": "false" }),
  planted("volumeattributesclasses/gold", "storage.k8s.io/v1", "VolumeAttributesClass", { driverName: "csi.example" }),
  planted("volumeattachments/a", "storage.k8s.io/v1", "VolumeAttachment", {
    spec: { attacher: "csi.example", nodeName: "node-1", source: { persistentVolumeName: "pv-1" } },
    status: { attached: true },
  }),
  planted("volumeattachments/inline", "storage.k8s.io/v1", "VolumeAttachment", {
    spec: { attacher: "csi.example", nodeName: "node-1", source: {} },
  }),
  planted("csinodes/node-1", "storage.k8s.io/v1", "CSINode", {
    spec: {
      drivers: [
        { name: "a", nodeID: "1" },
        { name: "b", nodeID: "1" },
      ],
    },
  }),
  planted("csidrivers/full", "storage.k8s.io/v1", "CSIDriver", {
    spec: {
      attachRequired: false,
      podInfoOnMount: true,
      storageCapacity: true,
      requiresRepublish: true,
      tokenRequests: [{ audience: "a" }, { audience: "b" }],
      volumeLifecycleModes: ["Persistent", "Ephemeral"],
    },
  }),
  planted("csidrivers/bare", "storage.k8s.io/v1", "CSIDriver", { spec: {} }),
  planted("csistoragecapacities/shop/cap", "storage.k8s.io/v1", "CSIStorageCapacity", {
    storageClassName: "fast",
    capacity: "1Ti",
  }),
];

/** Volumes, claims, classes and drivers. */
export const storageObjects: readonly Planted[] = [...storage];
