import { compareUtf8 } from "@kubeferry/model";
import { z } from "zod";

/** Labels by which installers and clouds name a cluster, the first one counts most. */
export const clusterLabels = [
  "cluster-name",
  "kubernetes.io/cluster-name",
  "alpha.eksctl.io/cluster-name",
  "eks.amazonaws.com/cluster-name",
  "gardener.cloud/shoot-name",
  "azure.workload.identity/cluster-name",
  "container.googleapis.com/cluster_name",
] as const;

/** A list of objects' metadata, as far as labels need it. */
export const LabelledList = z.object({
  items: z
    .array(z.object({ metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).nullish() }) }))
    .nullish(),
});

/** A name and the labels of one object. */
export interface Labelled {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Asked first, in this order: they belong to the whole cluster. */
const firstNamespaces = ["kube-system", "default"];

/** The cluster's name by the labels of its namespaces: kube-system's, default's, then what the others agree on. */
export function nameFromNamespaces(namespaces: readonly Labelled[]): string | undefined {
  for (const first of firstNamespaces) {
    const name = agreedName(namespaces.filter((namespace) => namespace.name === first));
    if (name !== undefined) return name;
  }
  return agreedName(namespaces.filter((namespace) => !firstNamespaces.includes(namespace.name)));
}

/**
 * The name that the first label in use gives, when all objects that carry it say the same. A management cluster labels
 * namespaces with the names of other clusters: differing values name none.
 */
export function agreedName(objects: readonly Labelled[]): string | undefined {
  for (const key of clusterLabels) {
    const values = new Set(objects.flatMap(({ labels }) => (labels[key] ? [labels[key]] : [])));
    if (values.size === 1) return [...values].sort(compareUtf8)[0];
  }
  return undefined;
}
