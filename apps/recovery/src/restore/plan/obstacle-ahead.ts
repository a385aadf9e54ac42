import { apiVersionOf, typeName } from "@kubeferry/model";
import type { Obstacle, PlannedObject } from "../restore-plan.ts";
import type { Candidate } from "./candidate.ts";
import type { Relations } from "./relations.ts";
import type { Served, TargetFacts } from "./target-facts.ts";

/** What can be said of an object before the target is asked about it. */
export type Ahead =
  | { readonly kind: "blocked"; readonly obstacle: Obstacle; readonly reason: string }
  /** An earlier wave brings its type or its namespace: until then it cannot be checked. */
  | { readonly kind: "later" };

/** Whether the target has an object's type and namespace; undefined when it has both. Pure. */
export function obstacleAhead(
  { planned }: Candidate,
  facts: Pick<TargetFacts, "serves" | "namespace">,
  relations: Pick<Relations, "broughtType" | "bringsNamespace">,
): Ahead | undefined {
  const served = facts.serves(planned);
  if (!served.served && !isBrought(planned, relations)) return blocked("no-type", missingType(planned, served));
  if (served.served && !served.writable)
    return blocked("no-type", `${typeName(planned)} cannot be written in the target`);
  const { namespace } = planned;
  const state = namespace === undefined ? "there" : facts.namespace(namespace);
  if (state === "terminating") {
    return blocked("terminating", `namespace ${namespace} is being removed; plan again when it is gone`);
  }
  if (namespace !== undefined && state === undefined && !relations.bringsNamespace(namespace)) {
    return blocked("no-namespace", `namespace ${namespace} is neither in the plan nor in the target`);
  }
  return served.served && state !== undefined ? undefined : { kind: "later" };
}

function isBrought({ group, version, resource }: PlannedObject, relations: Pick<Relations, "broughtType">): boolean {
  return relations.broughtType(group, resource)?.versions.includes(version) ?? false;
}

function missingType(planned: PlannedObject, served: Exclude<Served, { served: true }>): string {
  const wanted = `${typeName(planned)} of ${apiVersionOf(planned)}`;
  if (served.silent !== undefined)
    return `the API group of ${typeName(planned)} does not answer in the target: ${served.silent}`;
  if (served.otherVersions.length === 0)
    return `the target does not serve ${wanted}, and no CustomResourceDefinition of the plan brings it`;
  return `the target does not serve ${wanted}, but ${served.otherVersions.join(", ")}`;
}

function blocked(obstacle: Obstacle, reason: string): Ahead {
  return { kind: "blocked", obstacle, reason };
}
