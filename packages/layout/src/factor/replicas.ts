import { at, isJsonObject, type JsonObject, type JsonValue, textAt } from "@kubeferry/model";

/** An entry of a kustomization's `replicas`. */
export interface ReplicaEntry {
  readonly name: string;
  readonly count: number;
}

/** An object of an overlay that a kustomization's `replicas` would hit by its name. */
export interface ReplicaUse {
  readonly name: string;
  /** `spec.replicas` once patches are applied, and as it shall be; undefined where there is none. */
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

/** By name alone, whatever group they are of: measured with kustomize 5.8.1. */
const KINDS: ReadonlySet<string> = new Set(["Deployment", "ReplicaSet", "ReplicationController", "StatefulSet"]);

/** Whether `replicas` of a kustomization hits objects of this kind. */
export function isScalable(kind: string): boolean {
  return KINDS.has(kind);
}

/** `spec.replicas` of an object; undefined where there is none. */
export function replicasOf(object: JsonObject): JsonValue | undefined {
  return at(object, "spec", "replicas");
}

/**
 * The entries for the objects whose number shall be another one, and whose name no other object has that would be hit.
 * @param uses all objects of these kinds that the overlay builds
 */
export function replicaEntries(uses: readonly ReplicaUse[]): readonly ReplicaEntry[] {
  const named = new Map<string, number>();
  for (const { name } of uses) named.set(name, (named.get(name) ?? 0) + 1);
  return uses.flatMap(({ name, before, after }) => {
    const isChanged = typeof before === "number" && typeof after === "number" && before !== after;
    const isCount = Number.isSafeInteger(after) && Number(after) >= 0;
    return isChanged && isCount && named.get(name) === 1 ? [{ name, count: after }] : [];
  });
}

/** Whether an entry is for this object. */
export function isScaledBy(object: JsonObject, { name }: ReplicaEntry): boolean {
  return textAt(object, "metadata", "name") === name && isScalable(textAt(object, "kind") ?? "");
}

/** An object as kustomize's `replicas` makes it. The argument stays as it is. */
export function withReplicas(object: JsonObject, entries: readonly ReplicaEntry[]): JsonObject {
  const entry = entries.find((each) => isScaledBy(object, each));
  if (entry === undefined) return object;
  const spec = isJsonObject(object.spec) ? object.spec : {};
  return { ...object, spec: { ...spec, replicas: entry.count } };
}
