import { Buffer } from "node:buffer";
import type { JsonObject } from "@kubeferry/model";

/** Where Argo CD reads options of one object, and the order in which it syncs. */
const SYNC_OPTIONS = "argocd.argoproj.io/sync-options";
/** See `SYNC_OPTIONS`. */
const SYNC_WAVE = "argocd.argoproj.io/sync-wave";

/** Before everything else in the Application, which has no waves below zero. */
const NAMESPACE_WAVE = "-10";
/** Client-side apply repeats an object in an annotation, and annotations end at 262,144 bytes. */
const SERVER_SIDE_ABOVE_BYTES = 200_000;
/** What goes with data, or with many other objects, when Argo CD removes it. */
const NEVER_PRUNED: ReadonlySet<string> = new Set([
  " Namespace",
  " PersistentVolume",
  " PersistentVolumeClaim",
  "apiextensions.k8s.io CustomResourceDefinition",
]);

/**
 * The annotations that Git adds to an object: no others are ever added.
 * @param present the object's own annotations; what they say already stays
 */
export function addedAnnotations(
  type: { readonly group: string; readonly kind: string },
  object: JsonObject,
  present: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const kind = `${type.group} ${type.kind}`;
  const options: string[] = isNeverPruned(type) ? ["Prune=false", "Delete=false"] : [];
  if (compactBytes(object) > SERVER_SIDE_ABOVE_BYTES) options.push("ServerSideApply=true");
  const added: Record<string, string> = {};
  if (options.length > 0) added[SYNC_OPTIONS] = joinOptions(present[SYNC_OPTIONS] ?? "", options);
  if (kind === " Namespace" && present[SYNC_WAVE] === undefined) added[SYNC_WAVE] = NAMESPACE_WAVE;
  return added;
}

/** Whether Git asks Argo CD never to remove objects of a kind. */
export function isNeverPruned({ group, kind }: { readonly group: string; readonly kind: string }): boolean {
  return NEVER_PRUNED.has(`${group} ${kind}`);
}

/** Adds options to those that are there. "Prune=confirm" is as safe as "Prune=false" and stays; "Prune=true" does not. */
function joinOptions(present: string, wanted: readonly string[]): string {
  const options = present.split(",").map((option) => option.trim());
  const kept = options.filter((option) => option !== "" && !wanted.some((each) => contradicts(option, each)));
  const missing = wanted.filter((each) => !kept.some((option) => nameOf(option) === nameOf(each)));
  return [...kept, ...missing].join(",");
}

function contradicts(option: string, wanted: string): boolean {
  return nameOf(option) === nameOf(wanted) && option !== wanted && !option.endsWith("=confirm");
}

function nameOf(option: string): string {
  return option.split("=", 1)[0] ?? option;
}

function compactBytes(object: JsonObject): number {
  return Buffer.byteLength(compactText(object), "utf8");
}

function compactText(object: JsonObject): string {
  try {
    // Without a function that is asked for every value it takes a fifth of the time.
    return JSON.stringify(object);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // A bigint is in it.
    return JSON.stringify(object, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
  }
}
