import { type CleaningRule, elements } from "../rule.ts";

/** What Kubernetes itself puts on objects, by the source of each controller. */
const OWN_FINALIZERS: ReadonlySet<unknown> = new Set([
  "foregroundDeletion",
  "orphan",
  "batch.kubernetes.io/job-tracking",
  "customresourcecleanup.apiextensions.k8s.io",
  "kubernetes.io/pv-controller",
  "kubernetes.io/pv-protection",
  "kubernetes.io/pvc-protection",
  "service.kubernetes.io/load-balancer-cleanup",
]);

/** Finalizers of Kubernetes' own controllers; those of other controllers and of people are content. */
export const kubernetesFinalizers: CleaningRule = {
  id: "kubernetes-finalizers",
  title: "finalizers of Kubernetes' own controllers",
  of: "every object",
  reason: "Kubernetes puts them on again where it needs them; elsewhere they only keep the object from being deleted",
  source: "Kubernetes documentation, Finalizers; Storage Object in Use Protection",
  keptWhen: "owned",
  appliesTo: () => true,
  find: (object) => elements(object, ["metadata", "finalizers"], (one) => OWN_FINALIZERS.has(one)),
};
