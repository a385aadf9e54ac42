import { type ResourceType, typeName } from "@kubeferry/model";
import { compilePattern } from "@kubeferry/shared-config";
import type { PlannedObject, PruneSettings } from "../restore-plan.ts";

/** The only types without namespaces of which anything is ever removed, each with its own consent. */
const CLUSTER_SCOPED = {
  "customresourcedefinitions.apiextensions.k8s.io": "customResourceDefinitions",
  persistentvolumes: "persistentVolumes",
} as const;

/** No glob means these: what a cluster and its operators make there by themselves, no list of ours knows. */
const OF_THE_CLUSTER = /^(kube|openshift)-/;

/** Whether anything of a type may be removed at all. */
export function typeConsented(
  { namespaced, ...type }: Pick<ResourceType, "group" | "resource" | "namespaced">,
  prune: PruneSettings,
): boolean {
  if (namespaced) return true;
  const name = typeName(type);
  return name in CLUSTER_SCOPED && prune[CLUSTER_SCOPED[name as keyof typeof CLUSTER_SCOPED]];
}

/** Whether anything in a namespace of the target may be removed; "by-name": only when it is named, and no glob counts. */
export function namespaceConsented(namespace: string, { namespaces }: PruneSettings): "yes" | "no" | "by-name" {
  const fitting = namespaces.map((text) => compilePattern(text)).filter(({ matches }) => matches(namespace));
  if (fitting.length === 0) return "no";
  return OF_THE_CLUSTER.test(namespace) && fitting.every(({ text }) => text !== namespace) ? "by-name" : "yes";
}

/** Whether a plan with these settings may remove an object, as far as its name says. */
export function removalConsented(object: PlannedObject, prune: PruneSettings | undefined): boolean {
  if (prune === undefined) return false;
  const { namespace } = object;
  if (typeName(object) === "persistentvolumeclaims" && !prune.persistentVolumes) return false;
  return (
    typeConsented({ ...object, namespaced: namespace !== undefined }, prune) &&
    (namespace === undefined || namespaceConsented(namespace, prune) === "yes")
  );
}
