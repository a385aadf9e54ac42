import { isJsonObject, type JsonObject } from "@kubeferry/model";

/** Of every annotation of Argo CD. */
export const MARK_PREFIX = "argocd.argoproj.io/";

/**
 * An object without the annotations by which Argo CD is told how to sync it, and keeps book of what is its own: they are
 * in Git from the first commit, and in the cluster from the first sync.
 */
export function withoutSyncMarks(object: JsonObject): JsonObject {
  const { metadata } = object;
  const annotations = isJsonObject(metadata) ? metadata.annotations : undefined;
  if (!isJsonObject(metadata) || !isJsonObject(annotations)) return object;
  const kept = Object.entries(annotations).filter(([name]) => !name.startsWith(MARK_PREFIX));
  if (kept.length === Object.keys(annotations).length) return object;
  const { annotations: _, ...rest } = metadata;
  return {
    ...object,
    metadata: kept.length === 0 ? rest : { ...rest, annotations: Object.fromEntries(kept) },
  };
}
