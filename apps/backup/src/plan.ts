import type { Discovery } from "@kubeferry/kube";
import { compareTypes, type ResourceType, typeName } from "@kubeferry/model";
import type { SnapshotManifest, TypeEntry } from "@kubeferry/snapshot";
import { reasonText } from "./filter/reason.ts";
import type { Selection } from "./filter/selection.ts";
import { isGroupSkipped } from "./filter/skip-list.ts";

/** What a run is going to do with each type. */
export interface CapturePlan {
  /** Types to list, in rounds: a round begins when the one before it has ended. */
  readonly rounds: readonly (readonly ResourceType[])[];
  readonly filtered: readonly { readonly type: ResourceType; readonly reason: string }[];
  /** Types the parent has, which discovery could not see because their API does not answer. */
  readonly unread: readonly { readonly type: TypeEntry; readonly reason: string }[];
  /** Group versions that do not answer and of which no type is known: nobody can say what is missing of them. */
  readonly silent: Discovery["stale"];
}

/**
 * Decides what to list. Types of the parent that are neither served nor hidden behind an API that does not answer
 * are in none of the three lists: they are gone, and so are their objects.
 */
export function planCapture(
  discovery: Discovery,
  parent: SnapshotManifest | undefined,
  selection: Pick<Selection, "verdict" | "place">,
): CapturePlan {
  const filtered: { type: ResourceType; reason: string }[] = [];
  const taken: ResourceType[] = [];
  for (const type of discovery.types) {
    const verdict = selection.verdict(type);
    if (verdict.taken) taken.push(type);
    else filtered.push({ type, reason: reasonText(verdict) });
  }
  const unread: { type: TypeEntry; reason: string }[] = [];
  for (const { type, reason } of behindStaleGroups(discovery, parent)) {
    const verdict = selection.verdict(type);
    if (verdict.taken) unread.push({ type, reason });
    else filtered.push({ type, reason: reasonText(verdict) });
  }
  return { rounds: inRounds(taken, selection), filtered, unread, silent: silentGroups(discovery, parent) };
}

/**
 * Owners are listed before what they own: whether a Pod may be left out depends on its ReplicaSet having been read,
 * and that again on the Deployment.
 */
function inRounds(types: readonly ResourceType[], { place }: Pick<Selection, "place">): ResourceType[][] {
  const rounds: ResourceType[][] = [[], [], []];
  for (const type of types) rounds[roundOf(type)]?.push(type);
  const inOrder = (left: ResourceType, right: ResourceType): number => {
    const [first, second] = [place(left), place(right)];
    return first === second ? compareTypes(left, right) : first - second;
  };
  return rounds.filter((round) => round.length > 0).map((round) => round.toSorted(inOrder));
}

function roundOf(type: ResourceType): number {
  const name = typeName(type);
  if (name === "pods") return 2;
  return name === "replicasets.apps" ? 1 : 0;
}

function behindStaleGroups(
  discovery: Discovery,
  parent: SnapshotManifest | undefined,
): { type: TypeEntry; reason: string }[] {
  const served = new Set(discovery.types.map(typeName));
  const stale = new Map(discovery.stale.map(({ group, reason }) => [group, reason]));
  return (parent?.types ?? []).flatMap((type) => {
    const reason = stale.get(type.group);
    return reason !== undefined && !served.has(typeName(type)) ? [{ type, reason }] : [];
  });
}

function silentGroups(discovery: Discovery, parent: SnapshotManifest | undefined): Discovery["stale"] {
  const known = new Set(parent?.types.map(({ group }) => group));
  return discovery.stale.filter(({ group }) => !known.has(group) && !isGroupSkipped(group));
}
