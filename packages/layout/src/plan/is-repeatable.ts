import type { Tip } from "../repository/read-tip.ts";
import { opensType } from "../select/select-objects.ts";
import type { FolderPlan, Plan } from "./plan.ts";

/**
 * Whether the same content would give the same plan for the same tip, whatever the numbers of the snapshots are. A folder
 * that was rolled back waits for a number; and what Git still has of a type that is not opened any more is asked for by
 * name alone, which `Source.content` says nothing of.
 */
export function isRepeatable({ folders }: Plan, tip: Tip): boolean {
  if (folders.some(waitsForNumber)) return false;
  const files = [...tip.folders.values()].flatMap(({ ownership }) => Object.values(ownership?.files ?? {}));
  return files.every(({ object }) => {
    if (object === undefined) return true;
    return opensType({ ...object, version: "", namespaced: object.namespace !== undefined, verbs: [] });
  });
}

/** Nothing else leaves a folder alone without listing it. */
function waitsForNumber({ wanted, frozen, blocked }: FolderPlan): boolean {
  return wanted === undefined && frozen === undefined && blocked === undefined;
}
