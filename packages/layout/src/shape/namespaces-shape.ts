import { ARGOCD_FOLDER, CLUSTER_FOLDER } from "../catalog.ts";
import type { RepositoryShape } from "./shape.ts";

const ROOTS = ["namespaces", CLUSTER_FOLDER, ARGOCD_FOLDER];

/** `namespaces/<ns>/{base,<env>}`: every folder is one of the repository. */
export const namespacesShape: RepositoryShape = {
  id: "namespaces",
  standalone: false,
  roots: ROOTS,
  place: (folder, path) => `${folder}/${path}`,
  parse(place) {
    const [, folder, path] = /^(namespaces\/[^/]+|[^/]+)\/(.+)$/s.exec(place) ?? [];
    if (folder === undefined || path === undefined) return undefined;
    const known = folder.startsWith("namespaces/") || folder === CLUSTER_FOLDER || folder === ARGOCD_FOLDER;
    return known ? { folder, path } : undefined;
  },
  rootSource: (environment) => ({
    path: ".",
    // Only the Applications that are written: everything else below belongs to kustomize, adopted Applications too.
    include: `{${CLUSTER_FOLDER},namespaces/*}/${environment}/{application,application-*}.yaml`,
    recurse: true,
  }),
};
