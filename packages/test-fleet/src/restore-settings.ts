import type { RestoreConfig } from "@kubeferry/shared-config";

/** A filter of a restore that leaves nothing out. */
export const EVERYTHING = {
  namespaces: { include: [], exclude: [] },
  resources: { include: [], exclude: [] },
  names: { include: [], exclude: [] },
  clusterScoped: true,
};

/** Settings of a restore that brings back everything as it was, also over what is there. */
export const RESTORE_EVERYTHING = {
  conflicts: "update",
  argoManaged: "block",
  namespaces: {},
  storageClasses: {},
  images: [],
  patches: [],
  maxRemovals: { objects: 10, percent: 5 },
  filter: EVERYTHING,
} satisfies Partial<RestoreConfig> & { readonly filter: typeof EVERYTHING };
