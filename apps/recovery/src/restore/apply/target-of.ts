import type { WriteTarget } from "@kubeferry/kube";
import type { PlannedObject } from "../restore-plan.ts";

/** A planned object as the API calls it. */
export function targetOf({ namespace, name, ...type }: PlannedObject): WriteTarget {
  const named = { type: { ...type, namespaced: namespace !== undefined }, name };
  return namespace === undefined ? named : { ...named, namespace };
}
