import { objectKey } from "@kubeferry/model";

/** Names an object as Git keeps it: without version and uid, which change while the object stays what it is. */
export interface GitRef {
  /** "" for core. */
  readonly group: string;
  /** Plural: "deployments". */
  readonly resource: string;
  readonly kind: string;
  /** Absent for cluster-scoped objects. */
  readonly namespace?: string;
  readonly name: string;
}

/** One text for one object of a cluster: "apps/deployments shop/web". */
export function refId(ref: GitRef): string {
  return `${ref.group}/${ref.resource} ${objectKey(ref.namespace, ref.name)}`;
}

/** How people are shown an object: "Deployment shop/web", "Widget.example.com shop/blue". */
export function refTitle(ref: Omit<GitRef, "resource">): string {
  const kind = ref.group.includes(".") && !ref.group.endsWith(".k8s.io") ? `${ref.kind}.${ref.group}` : ref.kind;
  return `${kind} ${objectKey(ref.namespace, ref.name)}`;
}
