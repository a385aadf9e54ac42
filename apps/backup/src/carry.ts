import { objectKey, type ResourceType, typeName } from "@kubeferry/model";
import type { SnapshotWriter } from "@kubeferry/snapshot";
import { reasonText } from "./filter/reason.ts";
import type { Selection } from "./filter/selection.ts";
import type { CapturePlan } from "./plan.ts";
import type { RunState } from "./run-state.ts";

/** The type whose objects say which custom types there are. */
export const DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";

/**
 * Types that the parent has and nobody serves now. An API server that has just started can leave out custom resources
 * whose definitions it still has; then nothing is known about their objects, and they are not gone.
 */
export function carryVanished(served: readonly ResourceType[], carrying: Carrying): void {
  const { writer, selection, state } = carrying;
  const known = new Set(served.map(typeName));
  for (const type of writer.parent?.manifest.types ?? []) {
    const name = typeName(type);
    if (known.has(name) || state.carried.has(name)) continue;
    const reason = vanishedReason(name, state);
    if (reason === undefined) continue;
    const verdict = selection.verdict(type);
    if (verdict.taken) carryUnread(type, reason, carrying);
    else carryFiltered(type, reasonText(verdict), carrying);
  }
}

function vanishedReason(name: string, state: RunState): string | undefined {
  if (state.defined.has(name)) return "its CustomResourceDefinition is there, but the API server does not serve it";
  // A filter may have left its definition out.
  if (state.read.get(DEFINITIONS)?.surelyTakes(objectKey(undefined, name))) return undefined;
  return "the API server does not serve it, and CustomResourceDefinitions could not be read to see whether it is gone";
}

/** Names the parent's objects of a type again, because nothing is known of them now. */
export function carryUnread(type: ResourceType, reason: string, { writer, selection, state }: Carrying): void {
  const accepted = selection.acceptsUnread(type);
  writer.carryType(type, { status: "unread", reason, ...(accepted ? { accepted } : {}) });
  state.unread.set(typeName(type), reason);
  state.carried.add(typeName(type));
}

/** Deals with what the plan does not list at all. */
export function carryUnlisted(plan: CapturePlan, carrying: Carrying): void {
  const { selection, state } = carrying;
  for (const { type, reason } of plan.filtered) carryFiltered(type, reason, carrying);
  for (const { type, reason } of plan.unread) carryUnread(type, reason, carrying);
  for (const { group, version, reason } of plan.silent) {
    const message = `${reason}; whatever it serves is not in this snapshot`;
    const target = `API group ${group}/${version}`;
    // `*.metrics.example.com` accepts whatever the group serves.
    if (selection.acceptsUnread({ group, resource: "*", kind: "*" })) state.warnings.push(`${target}: ${message}`);
    else state.failures.push({ target, kind: "unavailable", message });
  }
}

function carryFiltered(type: ResourceType, reason: string, { writer, state }: Carrying): void {
  writer.carryType(type, { status: "filtered", reason });
  state.carried.add(typeName(type));
  state.skipped.push({ resource: typeName(type), reason, count: null });
}

/** What carrying needs. */
export interface Carrying {
  readonly writer: SnapshotWriter;
  readonly selection: Selection;
  readonly state: RunState;
}
