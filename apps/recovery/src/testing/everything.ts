import type { RestoreFilter } from "../restore/restore-plan.ts";

/** A filter that leaves nothing out. */
export const EVERYTHING: RestoreFilter = {
  namespaces: { include: [], exclude: [] },
  resources: { include: [], exclude: [] },
  names: { include: [], exclude: [] },
  clusterScoped: true,
};
