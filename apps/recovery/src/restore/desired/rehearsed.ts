import { editAt, type GitRef } from "@kubeferry/layout";
import { at, isJsonObject, type JsonObject, type JsonValue, typeName } from "@kubeferry/model";
import { DRILL_LABEL, drillLabels } from "../drill/drill-mark.ts";
import type { Rehearsal } from "../restore-plan.ts";

/** A class that nobody has: no controller takes an Ingress of it, and no disk is made for a claim. */
const NO_CLASS = "kubeferry-drill";

const SCALED: ReadonlySet<string> = new Set([
  "deployments.apps",
  "replicasets.apps",
  "statefulsets.apps",
  "replicationcontrollers",
  "deploymentconfigs.apps.openshift.io",
]);

const MARKED: ReadonlySet<string> = new Set(["namespaces", "customresourcedefinitions.apiextensions.k8s.io"]);

/** Of a Service that is reached from outside. */
const OUTSIDE: ReadonlySet<string> = new Set([
  "allocateLoadBalancerNodePorts",
  "externalIPs",
  "externalTrafficPolicy",
  "healthCheckNodePort",
  "loadBalancerClass",
  "loadBalancerIP",
  "loadBalancerSourceRanges",
]);

/**
 * An object as a drill brings it back: it is there, and does not act. No traffic comes to it, and unless workloads are
 * asked for nothing runs and no disk is made. What is compared afterwards is this object. Pure.
 */
export function rehearsed(object: JsonObject, ref: GitRef, rehearsal: Rehearsal): JsonObject {
  const type = typeName(ref);
  if (MARKED.has(type)) return withLabels(object, drillLabels(rehearsal));
  if (type === "services") return withoutDoors(object);
  if (type === "ingresses.networking.k8s.io") return withoutController(object);
  if (type === "routes.route.openshift.io") return withSpec(object, { host: `${ref.name}.${ref.namespace}.invalid` });
  return rehearsal.workloads ? object : atRest(object, type);
}

function atRest(object: JsonObject, type: string): JsonObject {
  if (SCALED.has(type)) return withSpec(object, { replicas: 0 });
  if (type === "cronjobs.batch" || type === "jobs.batch") return withSpec(object, { suspend: true });
  if (type === "persistentvolumeclaims") return withSpec(withoutAnnotation(object, OLD_CLASS), CLAIM_CLASS);
  if (type !== "daemonsets.apps") return object;
  return editAt(object, ["spec", "template", "spec"], (pod) => {
    if (!isJsonObject(pod)) return pod;
    const { nodeSelector } = pod;
    // No node has it.
    return { ...pod, nodeSelector: { ...(isJsonObject(nodeSelector) ? nodeSelector : {}), [DRILL_LABEL]: "no-node" } };
  });
}

const OLD_CLASS = "volume.beta.kubernetes.io/storage-class";
const CLAIM_CLASS = { storageClassName: NO_CLASS };

function withoutDoors(service: JsonObject): JsonObject {
  const type = at(service, "spec", "type");
  const inside = editAt(service, ["spec"], (spec) => (isJsonObject(spec) ? insideOf(spec) : spec));
  return type === "LoadBalancer" || type === "NodePort" ? withSpec(inside, { type: "ClusterIP" }) : inside;
}

function insideOf(spec: JsonObject): JsonObject {
  const kept = Object.entries(spec).filter(([field]) => !OUTSIDE.has(field));
  return editAt(Object.fromEntries(kept), ["ports", "[]"], withoutNodePort);
}

function withoutNodePort(port: JsonValue): JsonValue {
  if (!isJsonObject(port) || !Object.hasOwn(port, "nodePort")) return port;
  const { nodePort: _, ...rest } = port;
  return rest;
}

function withoutController(ingress: JsonObject): JsonObject {
  return withSpec(withoutAnnotation(ingress, "kubernetes.io/ingress.class"), { ingressClassName: NO_CLASS });
}

function withSpec(object: JsonObject, more: JsonObject): JsonObject {
  const { spec } = object;
  return { ...object, spec: { ...(isJsonObject(spec) ? spec : {}), ...more } };
}

function withLabels(object: JsonObject, more: Readonly<Record<string, string>>): JsonObject {
  const metadata = isJsonObject(object.metadata) ? object.metadata : {};
  const labels = isJsonObject(metadata.labels) ? metadata.labels : {};
  return { ...object, metadata: { ...metadata, labels: { ...labels, ...more } } };
}

function withoutAnnotation(object: JsonObject, name: string): JsonObject {
  return editAt(object, ["metadata", "annotations"], (annotations) => {
    if (!isJsonObject(annotations)) return annotations;
    return Object.fromEntries(Object.entries(annotations).filter(([annotation]) => annotation !== name));
  });
}
