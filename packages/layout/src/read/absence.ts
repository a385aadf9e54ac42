import { type Call, objectKey, typeName } from "@kubeferry/model";
import { createScope } from "@kubeferry/shared-config";
import type { Snapshot, TypeEntry } from "@kubeferry/snapshot";
import { type GitRef, refId } from "../git-ref.ts";

/**
 * Which objects are proven to be gone from a cluster: their type was read in this snapshot, they would have been looked
 * at and are not there, or that is so of their namespace. A type that was unread, filtered or not served proves
 * nothing, and one read under a selector neither: an object may only have lost its label.
 * @returns `refId`s
 */
export async function provenAbsent(
  snapshot: Snapshot,
  refs: readonly GitRef[],
  call: Call,
): Promise<ReadonlySet<string>> {
  if (refs.length === 0) return new Set();
  const types = new Map(snapshot.manifest.types.map((type) => [typeName(type), type]));
  const asked = new Set(refs.map(typeName));
  const proofs = new Map([...types].map(([name, type]) => [name, proofOf(type)]));
  if (types.has("namespaces")) asked.add("namespaces");
  const present = await presentKeys(snapshot, (type) => asked.has(typeName(type)), call);
  const isGone = (ref: Place): boolean => {
    const proves = proofs.get(typeName(ref));
    return proves?.(ref) === true && !present.has(keyOf(ref));
  };
  const namespaceGone = ({ namespace }: GitRef): boolean =>
    namespace !== undefined && isGone({ group: "", resource: "namespaces", name: namespace });
  return new Set(refs.filter((ref) => isGone(ref) || namespaceGone(ref)).map(refId));
}

type Place = Pick<GitRef, "group" | "resource" | "namespace" | "name">;

/** Whether the list of a type would have shown an object; asked per object, because a scope may leave some out. */
function proofOf({ captured }: TypeEntry): (ref: Place) => boolean {
  if (captured.status !== "read") return () => false;
  const { labelSelector, annotationSelector, ...names } = captured.scope ?? {};
  if (labelSelector !== undefined || annotationSelector !== undefined) return () => false;
  const scope = createScope(names);
  return (ref) => scope.outOfScope({ ...ref, resource: typeName(ref) }) === undefined;
}

function keyOf(ref: Place): string {
  return `${typeName(ref)} ${objectKey(ref.namespace, ref.name)}`;
}

// The state names every object of a snapshot, encrypted ones too, without opening a segment.
async function presentKeys(
  snapshot: Snapshot,
  select: (type: TypeEntry) => boolean,
  call: Call,
): Promise<ReadonlySet<string>> {
  const present = new Set<string>();
  for await (const { type, key } of snapshot.states(select, call)) present.add(`${typeName(type)} ${key}`);
  return present;
}
