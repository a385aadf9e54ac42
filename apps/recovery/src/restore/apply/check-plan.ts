import { RecoveryError } from "../../recovery-error.ts";
import { removalConsented } from "../prune/consent.ts";
import type { RestorePlan } from "../restore-plan.ts";
import { objectName } from "./steps.ts";

/** What a plan is about to be carried out with. */
export interface Surroundings {
  readonly snapshot: { readonly sha256: string };
  /** UID of the target's namespace kube-system. */
  readonly targetUid: string;
}

/**
 * Whether a plan is for this snapshot and this cluster, and may be carried out at all; asked before anything is written.
 * @throws RecoveryError "config" for a removal that its own settings do not allow, "wrong-target", "stale-plan" for
 * another snapshot than it was made from, "conflict" where the policy is to stop
 */
export function checkPlan(plan: RestorePlan, { snapshot, targetUid }: Surroundings): void {
  const parts = { who: "restore", operation: "apply the plan" };
  if (plan.target.uid !== targetUid) {
    throw new RecoveryError({
      ...parts,
      kind: "wrong-target",
      problem: `it was made for the cluster whose kube-system has UID ${plan.target.uid} (${plan.target.description}), and this one's is ${targetUid}`,
      next: "choose that cluster with --to-kubeconfig and --to-context, or make a plan for this one",
    });
  }
  if (plan.source.sha256 !== snapshot.sha256) {
    throw new RecoveryError({
      ...parts,
      kind: "stale-plan",
      problem: `snapshot ${plan.source.sequence} of ${plan.source.cluster} is not the one it was made from`,
      next: "make a new plan, and find out who wrote that snapshot",
    });
  }
  refuseStrayRemovals(plan);
  const conflicts = plan.entries.filter(({ obstacle }) => obstacle === "conflict");
  const [first] = conflicts;
  if (first === undefined) return;
  throw new RecoveryError({
    ...parts,
    kind: "conflict",
    problem: `${conflicts.length} of its objects are there and differ, the first is ${objectName(first.object)}; nothing was written`,
    next: "look at the plan, and choose another policy with --conflicts or leave them out",
  });
}

/** A plan that we make removes only what it says it may. */
function refuseStrayRemovals({ entries, settings }: RestorePlan): void {
  const removals = entries.filter(({ action }) => action === "remove");
  const stray = removals.find(({ object, live }) => live === undefined || !removalConsented(object, settings.prune));
  if (stray === undefined && removals.length <= settings.maxRemovals.objects) return;
  const what = stray === undefined ? `${removals.length} objects` : objectName(stray.object);
  throw new RecoveryError({
    kind: "config",
    who: "restore",
    operation: "apply the plan",
    problem: `it removes ${what}, which its own settings do not allow; nothing was written`,
    next: "find out who changed the file, and make a new plan",
  });
}
