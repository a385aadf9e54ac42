import { createSelection } from "@kubeferry/backup";
import type { LiveOptions } from "@kubeferry/recovery";
import type { Config } from "@kubeferry/shared-config";

/** How the cluster is listed for a comparison: with the rights that its backup has. */
export function howToList({ kubernetes, backup }: Config): Omit<LiveOptions, "kube"> {
  const selection = createSelection(backup);
  return { pageSize: kubernetes.pageSize, namespacesOf: (type) => selection.objects(type).plainNamespaces };
}
