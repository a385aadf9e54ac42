import type { Wave } from "./wave.ts";
import { WAVES } from "./wave.ts";

/** Everything of a group that the table of its types does not name. */
const REST = "*";

/**
 * When a type is written, by group and plural. What another type needs to be accepted, or to start without failing
 * first, comes before it; what watches over the writing of others comes last.
 */
const WAVE_OF: Readonly<Record<string, Readonly<Record<string, Wave>>>> = {
  "": {
    namespaces: "namespaces",
    persistentvolumes: "storage",
    persistentvolumeclaims: "storage",
    // A Pod is refused without its service account.
    serviceaccounts: "access",
    secrets: "configuration",
    configmaps: "configuration",
    // Before anything that they count: a quota that comes later than what is above it stops nothing.
    limitranges: "quotas",
    resourcequotas: "quotas",
    // Hand-made ones: a Service that comes first would be without a destination for a while.
    endpoints: "endpoints",
    services: "services",
    [REST]: "workloads",
  },
  "apiextensions.k8s.io": { [REST]: "definitions" },
  "storage.k8s.io": { [REST]: "storage" },
  "snapshot.storage.k8s.io": { [REST]: "storage" },
  "resource.k8s.io": { [REST]: "storage" },
  "rbac.authorization.k8s.io": { [REST]: "access" },
  // A Pod that names a priority or a runtime is refused where it is missing.
  "scheduling.k8s.io": { [REST]: "access" },
  "node.k8s.io": { [REST]: "access" },
  "flowcontrol.apiserver.k8s.io": { [REST]: "access" },
  "security.openshift.io": { [REST]: "access" },
  "discovery.k8s.io": { endpointslices: "endpoints", [REST]: "endpoints" },
  // Rules of the network before the Pods they protect; the classes of ingresses with the ingresses.
  "networking.k8s.io": {
    networkpolicies: "services",
    ingresses: "ingress",
    ingressclasses: "ingress",
    [REST]: "services",
  },
  apps: { [REST]: "workloads" },
  batch: { [REST]: "workloads" },
  autoscaling: { [REST]: "workloads" },
  policy: { [REST]: "workloads" },
  "coordination.k8s.io": { [REST]: "workloads" },
  "events.k8s.io": { [REST]: "workloads" },
  "certificates.k8s.io": { [REST]: "workloads" },
  "image.openshift.io": { [REST]: "configuration" },
  "apps.openshift.io": { [REST]: "workloads" },
  "build.openshift.io": { [REST]: "workloads" },
  "route.openshift.io": { [REST]: "ingress" },
  // From then on they are asked about every write, and the Pods that answer for them have to be there.
  "admissionregistration.k8s.io": { [REST]: "admission" },
  "apiregistration.k8s.io": { [REST]: "admission" },
};

/** The step in which objects of a type are written; a type that is not Kubernetes' or OpenShift's own is "custom". */
export function waveOf({ group, resource }: { readonly group: string; readonly resource: string }): Wave {
  const types = Object.hasOwn(WAVE_OF, group) ? WAVE_OF[group] : undefined;
  if (types === undefined) return "custom";
  return (Object.hasOwn(types, resource) ? types[resource] : types[REST]) ?? "custom";
}

/** The later of two steps: what is owned is not written before its owner, whose UID it needs. */
export function laterWave(one: Wave, other: Wave): Wave {
  return WAVES.indexOf(one) < WAVES.indexOf(other) ? other : one;
}
