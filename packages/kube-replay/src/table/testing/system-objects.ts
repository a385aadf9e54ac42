import type { JsonObject } from "@kubeferry/model";
import { DELETED, type Planted, planted } from "./plant.ts";

const controlPlane: readonly Planted[] = [
  planted("leases/shop/held", "coordination.k8s.io/v1", "Lease", { spec: { holderIdentity: "node-1" } }),
  planted("leases/shop/free", "coordination.k8s.io/v1", "Lease", { spec: {} }),
  planted("leasecandidates/shop/a", "coordination.k8s.io/v1beta1", "LeaseCandidate", {
    spec: { leaseName: "scheduler", binaryVersion: "1.35.4", emulationVersion: "1.35.0" },
  }),
  planted("storageversions/apps.deployments", "internal.apiserver.k8s.io/v1alpha1", "StorageVersion", {
    spec: {},
    status: {
      commonEncodingVersion: "apps/v1",
      storageVersions: ["a", "b", "c", "d"].map((apiServerID) => ({ apiServerID, encodingVersion: "apps/v1" })),
    },
  }),
  planted("storageversions/new", "internal.apiserver.k8s.io/v1alpha1", "StorageVersion", { spec: {} }),
  planted("apiregistration.k8s.io/apiservices/v1.ours.example", "apiregistration.k8s.io/v1", "APIService", {
    spec: {
      group: "ours.example",
      version: "v1",
      service: { namespace: "shop", name: "api" },
      groupPriorityMinimum: 1,
    },
  }),
  planted("flowschemas/bare", "flowcontrol.apiserver.k8s.io/v1", "FlowSchema", {
    spec: { priorityLevelConfiguration: { name: "exempt" }, matchingPrecedence: 77 },
  }),
];

const claimOfDevice = (name: string, status: JsonObject, metadata: JsonObject = {}): Planted =>
  planted(`resourceclaims/shop/${name}`, "resource.k8s.io/v1", "ResourceClaim", { spec: {}, status }, metadata);

const devices: readonly Planted[] = [
  planted("deviceclasses/gpu", "resource.k8s.io/v1", "DeviceClass", { spec: {} }),
  claimOfDevice("pending", {}),
  claimOfDevice("reserved", { allocation: {}, reservedFor: [{ resource: "pods", name: "web", uid: "1" }] }),
  claimOfDevice("allocated", { allocation: {} }, DELETED),
  claimOfDevice("deleted", {}, DELETED),
  planted("resourceclaimtemplates/shop/gpu", "resource.k8s.io/v1", "ResourceClaimTemplate", { spec: { spec: {} } }),
  planted("resourceslices/node-1-gpu", "resource.k8s.io/v1", "ResourceSlice", {
    spec: { nodeName: "node-1", driver: "gpu.example", pool: { name: "node-1", generation: 1, resourceSliceCount: 1 } },
  }),
  planted("resourceslices/anywhere", "resource.k8s.io/v1", "ResourceSlice", {
    spec: { allNodes: true, driver: "gpu.example", pool: { name: "all", generation: 1, resourceSliceCount: 1 } },
  }),
  planted("devicetaintrules/broken", "resource.k8s.io/v1alpha3", "DeviceTaintRule", {
    spec: { taint: { key: "broken", value: "yes", effect: "NoExecute", timeAdded: "2025-01-01T00:00:00Z" } },
  }),
  planted("devicetaintrules/bare", "resource.k8s.io/v1alpha3", "DeviceTaintRule", { spec: { taint: { key: "k" } } }),
];

/** The control plane's own kinds, and devices. */
export const systemObjects: readonly Planted[] = [...controlPlane, ...devices];
