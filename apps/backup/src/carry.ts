import { type ResourceType, typeName } from "@kubeferry/model";
import type { SnapshotWriter } from "@kubeferry/snapshot";
import type { CapturePlan } from "./plan.ts";
import type { RunState } from "./run-state.ts";

/** The type whose objects say which custom types there are. */
export const DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";

/**
 * Types that the parent has and nobody serves now. An API server that has just started can leave out custom resources
 * whose definitions it still has; then nothing is known about their objects, and they are not gone.
 */
export function carryVanished(served: readonly ResourceType[], writer: SnapshotWriter, state: RunState): void {
  const known = new Set(served.map(typeName));
  for (const type of writer.parent?.manifest.types ?? []) {
    const name = typeName(type);
    if (known.has(name) || state.carried.has(name)) continue;
    const reason = vanishedReason(name, state);
    if (reason !== undefined) carryUnread(type, reason, writer, state);
  }
}

function vanishedReason(name: string, state: RunState): string | undefined {
  if (state.defined.has(name)) return "its CustomResourceDefinition is there, but the API server does not serve it";
  if (state.read.has(DEFINITIONS)) return undefined;
  return "the API server does not serve it, and CustomResourceDefinitions could not be read to see whether it is gone";
}

/** Names the parent's objects of a type again, because nothing is known of them now. */
export function carryUnread(type: ResourceType, reason: string, writer: SnapshotWriter, state: RunState): void {
  writer.carryType(type, { status: "unread", reason });
  state.unread.push(reason);
  state.unreadTypes.add(typeName(type));
  state.carried.add(typeName(type));
}

/** Deals with what the plan does not list at all. */
export function carryUnlisted(plan: CapturePlan, writer: SnapshotWriter, state: RunState): void {
  for (const { type, reason } of plan.filtered) {
    writer.carryType(type, { status: "filtered", reason });
    state.carried.add(typeName(type));
    state.skipped.push({ resource: typeName(type), reason, count: null });
  }
  for (const { type, reason } of plan.unread) carryUnread(type, reason, writer, state);
  for (const { group, version, reason } of plan.silent) {
    const message = `${reason}; whatever it serves is not in this snapshot`;
    state.failures.push({ target: `API group ${group}/${version}`, kind: "unavailable", message });
  }
}
