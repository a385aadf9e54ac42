import { Buffer } from "node:buffer";
import type { JsonObject, JsonValue } from "@kubeferry/model";

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
  if (isLargerThan(SERVER_SIDE_ABOVE_BYTES, object)) options.push("ServerSideApply=true");
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

/** Whether an object as compact JSON has more bytes; nearly every one is so small that it need not be written for that. */
function isLargerThan(bytes: number, object: JsonObject): boolean {
  return roomLeft(object, bytes) < 0 && Buffer.byteLength(compactText(object), "utf8") > bytes;
}

/** What a character of a text becomes at most: "\u001f". */
const MOST_BYTES_OF_CHARACTER = 6;
/** A number as JavaScript writes it, "-1.2345678901234567e-300"; true, false and null are shorter. */
const MOST_BYTES_OF_NUMBER = 24;

/** What is left of some bytes behind a value, were all of it as long as can be; below zero it may be too long. */
function roomLeft(value: JsonValue, bytes: number): number {
  if (typeof value === "string") return bytes - value.length * MOST_BYTES_OF_CHARACTER - 3;
  if (typeof value === "bigint") return bytes - String(value).length - 3;
  if (typeof value !== "object" || value === null) return bytes - MOST_BYTES_OF_NUMBER - 1;
  let left = bytes - 3;
  if (Array.isArray(value)) {
    for (const item of value) {
      if (left < 0) return left;
      left = roomLeft(item, left);
    }
    return left;
  }
  for (const key of Object.keys(value)) {
    if (left < 0) return left;
    left = roomLeft(value[key] as JsonValue, left - key.length * MOST_BYTES_OF_CHARACTER - 4);
  }
  return left;
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
