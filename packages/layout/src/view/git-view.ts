import type { Cleaner } from "@kubeferry/clean";
import {
  annotationOf,
  at,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  objectsAt,
  type ResourceType,
} from "@kubeferry/model";
import { addedAnnotations } from "./sync-options.ts";

/** What decides how an object is written, beside the object. */
export interface ViewFacts {
  /** True when an autoscaler decides the object's replicas. */
  readonly scaled: boolean;
  /** Names of the Applications of ours that may track the object. */
  readonly applications: ReadonlySet<string>;
}

const SHARED_INSTANCE = "app.kubernetes.io/instance";

const ORDINARY: ViewFacts = { scaled: false, applications: new Set() };

/**
 * An object as Git holds it, and as `kustomize build` gives it back: cleaned, without the marks of our own
 * Applications, without the replicas that only an autoscaler ever set, and with the annotations that keep Argo CD from
 * doing harm (`addedAnnotations`).
 * @param live as the snapshot holds it; left as it is
 * @param cleaner the one that the mirror of the same configuration has
 */
export function gitView(
  live: JsonObject,
  type: ResourceType,
  cleaner: Cleaner,
  facts: ViewFacts = ORDINARY,
): JsonObject {
  // Whatever another Application tracks was not selected, so every mark that is left is ours.
  const cleaned = cleaner.clean(live, type, { ours: () => true }).object;
  const untracked = withMetadata(cleaned, (metadata) => withoutInstance(metadata, live, facts.applications));
  const view = facts.scaled && !setsReplicas(live) ? withoutReplicas(untracked) : untracked;
  return withMetadata(view, (metadata) => withAnnotations(metadata, addedAnnotations(type, view, annotationsOf(view))));
}

function withMetadata(object: JsonObject, change: (metadata: JsonObject) => JsonObject): JsonObject {
  const metadata = at(object, "metadata");
  return isJsonObject(metadata) ? { ...object, metadata: change(metadata) } : object;
}

/** With label tracking Argo CD marks objects by a label, which it puts on again at every sync. */
function withoutInstance(metadata: JsonObject, live: JsonObject, applications: ReadonlySet<string>): JsonObject {
  const labels = at(metadata, "labels");
  if (!isJsonObject(labels)) return metadata;
  const shared = setByArgoCd(live) ? applications : new Set<string>();
  const kept = Object.entries(labels).filter(([name, value]) => !isMark(name, value, shared));
  if (kept.length === Object.keys(labels).length) return metadata;
  if (kept.length > 0) return { ...metadata, labels: Object.fromEntries(kept) };
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => name !== "labels"));
}

function isMark(label: string, value: JsonValue, applications: ReadonlySet<string>): boolean {
  if (label === "argocd.argoproj.io/instance") return true;
  return label === SHARED_INSTANCE && typeof value === "string" && applications.has(value);
}

/**
 * Whether the shared instance label is Argo CD's: charts and people set it too, to a name that may well be that of an
 * Application, and what of theirs is missing from Git the first sync removes.
 */
function setByArgoCd(live: JsonObject): boolean {
  if (annotationOf(live, "argocd.argoproj.io/tracking-id") !== undefined) return false;
  return objectsAt(live, "metadata", "managedFields").some(
    ({ manager, fieldsV1 }) =>
      typeof manager === "string" &&
      manager.startsWith("argocd-") &&
      at(fieldsV1, "f:metadata", "f:labels", `f:${SHARED_INSTANCE}`) !== undefined,
  );
}

/** Whether somebody asked for a number of replicas: leaving it out would then ask for 1. */
function setsReplicas(live: JsonObject): boolean {
  const applied = annotationOf(live, "kubectl.kubernetes.io/last-applied-configuration");
  if (applied !== undefined && /"replicas"\s*:/.test(applied)) return true;
  return objectsAt(live, "metadata", "managedFields").some(
    (fields) => fields.operation === "Apply" && at(fields, "fieldsV1", "f:spec", "f:replicas") !== undefined,
  );
}

function withoutReplicas(object: JsonObject): JsonObject {
  const spec = at(object, "spec");
  if (!isJsonObject(spec) || !Object.hasOwn(spec, "replicas")) return object;
  return { ...object, spec: Object.fromEntries(Object.entries(spec).filter(([name]) => name !== "replicas")) };
}

function annotationsOf(object: JsonObject): Readonly<Record<string, string>> {
  const annotations = at(object, "metadata", "annotations");
  if (!isJsonObject(annotations)) return {};
  return Object.fromEntries(Object.entries(annotations).filter((pair): pair is [string, string] => isText(pair[1])));
}

function isText(value: JsonValue): value is string {
  return typeof value === "string";
}

function withAnnotations(metadata: JsonObject, added: Readonly<Record<string, string>>): JsonObject {
  if (Object.keys(added).length === 0) return metadata;
  const present = at(metadata, "annotations");
  return { ...metadata, annotations: { ...(isJsonObject(present) ? present : {}), ...added } };
}
