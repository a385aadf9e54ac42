import { type ObjectKey, objectKey, typeName } from "@kubeferry/model";
import type { PlanEntry, PlannedObject } from "../restore-plan.ts";
import type { Wave } from "../wave.ts";

/** Entries that may be written at the same time: none of them needs another. */
export interface Step {
  readonly wave: Wave;
  readonly depth: number;
  readonly entries: readonly PlanEntry[];
}

/** The steps of a plan in its order, without what is removed: that comes last. */
export function stepsOf(entries: readonly PlanEntry[]): Step[] {
  const steps: { wave: Wave; depth: number; entries: PlanEntry[] }[] = [];
  for (const entry of entries) {
    if (entry.action === "remove") continue;
    const last = steps.at(-1);
    if (last?.wave === entry.wave && last.depth === entry.depth) last.entries.push(entry);
    else steps.push({ wave: entry.wave, depth: entry.depth, entries: [entry] });
  }
  return steps;
}

/** Whether an entry is written, as far as the plan says. */
export function isWritten({ action }: PlanEntry): boolean {
  return action === "create" || action === "update" || action === "replace";
}

/** How an object is named in reports: "deployments.apps/shop/web", "namespaces/shop". */
export function objectName(object: PlannedObject): string {
  return `${typeName(object)}/${keyOf(object)}`;
}

/** The key of an object in the target, within its type. */
export function keyOf({ namespace, name }: PlannedObject): ObjectKey {
  return objectKey(namespace, name);
}
