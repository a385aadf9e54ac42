import type { JsonObject } from "@kubeferry/model";
import { matchesGlob } from "../../select/namespace-scope.ts";
import { editAt } from "./edit-json.ts";
import type { OnFit, OverriddenObject, Rule } from "./rule.ts";

/** A number for the workloads whose name fits. */
export interface ReplicasRule {
  readonly glob: string;
  readonly replicas: number;
}

const SCALABLE: ReadonlySet<string> = new Set([
  "apps/Deployment",
  "apps/StatefulSet",
  "apps.openshift.io/DeploymentConfig",
]);

/**
 * A workload with the number of the last rule that fits its name. One that stands at 0 was switched off, one that an
 * autoscaler scales is the autoscaler's, and one that says no number leaves it to somebody else: these stay.
 */
export function overrideReplicas(
  object: JsonObject,
  rules: readonly Rule<ReplicasRule>[],
  { ref, scaled }: OverriddenObject,
  onFit: OnFit,
): JsonObject {
  if (!SCALABLE.has(`${ref.group}/${ref.kind}`)) return object;
  const fitting = rules.filter(({ value }) => matchesGlob(ref.name, value.glob));
  for (const rule of fitting) onFit(rule);
  const wanted = fitting.at(-1)?.value.replicas;
  if (wanted === undefined || scaled) return object;
  return editAt(object, ["spec", "replicas"], (present) => (present === 0 ? present : wanted));
}
