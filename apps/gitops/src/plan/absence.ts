import { type Call, objectKey, typeName } from "@kubeferry/model";
import type { Snapshot, TypeEntry } from "@kubeferry/snapshot";
import { type GitRef, refId } from "../git-ref.ts";

/**
 * Which objects are proven to be gone from a cluster: their type was read whole in this snapshot and does not have
 * them, or their namespace is gone. A type that was unread, filtered or not served proves nothing.
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
  const namespacesRead = isRead(types.get("namespaces"));
  if (namespacesRead) asked.add("namespaces");
  const present = await presentKeys(snapshot, (type) => asked.has(typeName(type)), call);
  const gone = refs.filter((ref) => {
    const namespaceGone = namespacesRead && ref.namespace !== undefined && !present.has(`namespaces ${ref.namespace}`);
    return namespaceGone || (isRead(types.get(typeName(ref))) && !present.has(keyOf(ref)));
  });
  return new Set(gone.map(refId));
}

function isRead(type: TypeEntry | undefined): boolean {
  return type?.captured.status === "read";
}

function keyOf(ref: GitRef): string {
  return `${typeName(ref)} ${objectKey(ref.namespace, ref.name)}`;
}

// The state names every object of a snapshot without opening a segment.
async function presentKeys(
  snapshot: Snapshot,
  select: (type: TypeEntry) => boolean,
  call: Call,
): Promise<ReadonlySet<string>> {
  const present = new Set<string>();
  for await (const { type, key } of snapshot.states(select, call)) present.add(`${typeName(type)} ${key}`);
  return present;
}
