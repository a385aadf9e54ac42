import { type ResourceType, typeName } from "@kubeferry/model";
import type { TypeEntry } from "@kubeferry/snapshot";
import { neverRestored } from "../desired/cluster-made.ts";
import { typeConsented } from "./consent.ts";
import type { RemovalOptions } from "./find-removals.ts";

/** A type of the target of which objects may be removed. */
export interface PrunedType {
  readonly type: ResourceType;
  /** The same type in the snapshot: read to its end, and nothing of it left out. */
  readonly captured: TypeEntry;
}

/** Chooses the types of which the snapshot knows what did not exist, and says of the others why nothing goes. */
export function prunedTypes(
  served: readonly ResourceType[],
  { snapshot, selection, prune }: Pick<RemovalOptions, "snapshot" | "selection" | "prune">,
): { readonly types: readonly PrunedType[]; readonly warnings: readonly string[] } {
  const captured = new Map(snapshot.manifest.types.map((type) => [typeName(type), type]));
  const types: PrunedType[] = [];
  const warnings: string[] = [];
  for (const type of served) {
    if (!typeConsented(type, prune) || !type.verbs.includes("delete")) continue;
    if (neverRestored(type) !== undefined || !selection.takesType(type)) continue;
    const entry = captured.get(typeName(type));
    const unknown = whyUnknown(entry);
    if (entry === undefined || unknown !== undefined)
      warnings.push(`nothing of ${typeName(type)} is removed: ${unknown}`);
    else types.push({ type, captured: entry });
  }
  return { types, warnings };
}

function whyUnknown(entry: TypeEntry | undefined): string | undefined {
  if (entry === undefined) return "the snapshot does not hold this type";
  const { captured } = entry;
  if (captured.status === "unread") return "it could not be read when the snapshot was taken";
  if (captured.status === "filtered") return "it was filtered out of the snapshot";
  if (captured.scope !== undefined) return "the snapshot holds only a part of it";
  return undefined;
}
