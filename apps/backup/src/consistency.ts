import { type KubeApi, KubeError } from "@kubeferry/kube";
import { type Call, type Consistency, compareUtf8, type ResourceType, typeName } from "@kubeferry/model";
import pMap from "p-map";
import type { RunState } from "./run-state.ts";

/** The one revision all types are listed at. */
export interface Cut {
  readonly revision: string;
  /** Names of the types whose lists are counted in the revisions that this one is of; no other can be listed at it. */
  readonly types: ReadonlySet<string>;
}

/** Asked for a revision first: nearly everybody may list one of them, and they are never kept in a store of their own. */
const REFERENCES: readonly string[] = ["namespaces", "configmaps", "services", "serviceaccounts"];

/**
 * Reads the revision for a snapshot of one moment. A revision is one of the API server's store: events may lie in
 * another, and aggregated APIs may have theirs, where the same number is another moment. So every type is asked for its
 * revision between two readings of the reference; what is not between the two counts for itself.
 * @returns undefined when no reference can be read: then nothing can be listed at one revision
 */
export async function findCut(types: readonly ResourceType[], asking: Asking, call: Call): Promise<Cut | undefined> {
  const reference = await firstReadable(types, asking, call);
  if (reference === undefined) return undefined;
  const asked = async (type: ResourceType) => ({ name: typeName(type), at: await revisionOf(type, asking, call) });
  const revisions = await pMap(types, asked, { concurrency: asking.concurrency, signal: call.signal });
  const until = await revisionOf(reference.type, asking, call);
  if (until === undefined) return undefined;
  const between = revisions.filter(({ at }) => at !== undefined && at >= reference.at && at <= until);
  return { revision: String(until), types: new Set(between.map(({ name }) => name)) };
}

/** What revisions are read with. */
export interface Asking {
  readonly kube: Pick<KubeApi, "currentRevision">;
  readonly concurrency: number;
}

async function firstReadable(types: readonly ResourceType[], asking: Asking, call: Call) {
  for (const name of REFERENCES) {
    const type = types.find((each) => typeName(each) === name);
    const at = type === undefined ? undefined : await revisionOf(type, asking, call);
    if (type !== undefined && at !== undefined) return { type, at };
  }
  return undefined;
}

/** Undefined where the type cannot be read or counts nothing: whatever is wrong with it, its list will say. */
async function revisionOf(type: ResourceType, { kube }: Asking, call: Call): Promise<bigint | undefined> {
  try {
    const revision = await kube.currentRevision(type, call);
    return /^\d+$/.test(revision) ? BigInt(revision) : undefined;
  } catch (error) {
    if (call.signal.aborted || !(error instanceof KubeError)) throw error;
    return undefined;
  }
}

/** What the manifest and the report say about the moments the lists stand for. */
export function consistencyOf(asked: Consistency["asked"], cut: Cut | undefined, state: RunState): Consistency {
  const apart = new Map(state.apart);
  // Carried objects are of an earlier moment than the cut; each type for itself is as consistent as it was.
  if (asked === "cut")
    for (const name of state.unread.keys()) apart.set(name, "unread: what is there is of an earlier run");
  const exceptions = [...apart].map(([resource, reason]) => ({ resource, reason }));
  return {
    asked,
    revision: cut?.revision ?? null,
    held: exceptions.length === 0 && (asked === "type" || cut !== undefined),
    exceptions: exceptions.sort((left, right) => compareUtf8(left.resource, right.resource)),
  };
}
