import { describe, expect, it } from "vitest";
import { type Planned, planOf } from "../../testing/planned-restore.ts";
import type { PruneSettings, RestorePlan } from "../restore-plan.ts";
import { checkPlan } from "./check-plan.ts";

const PRUNE: PruneSettings = {
  namespaces: ["sh*", "*-system"],
  customResourceDefinitions: false,
  persistentVolumes: false,
  foreignFinalizers: false,
};
const SURROUNDINGS = { snapshot: { sha256: "5".repeat(64) }, targetUid: "target" };

const removed = (resource: string, kind: string, name: string, namespace?: string): Planned => ({
  resource,
  object: { apiVersion: "v1", kind, metadata: namespace === undefined ? { name } : { namespace, name } },
  entry: { action: "remove", live: { uid: "u", digest: "d" } },
});

function planRemoving(removals: readonly Planned[], prune: PruneSettings | undefined): RestorePlan {
  const plan = planOf(removals, { uid: "target" });
  const { prune: _, ...settings } = plan.settings;
  return { ...plan, settings: prune === undefined ? settings : { ...settings, prune } };
}

describe("a plan", () => {
  const extra = removed("configmaps", "ConfigMap", "extra", "shop");

  it("removes what its settings allow", () => {
    expect(() => checkPlan(planRemoving([extra], PRUNE), SURROUNDINGS)).not.toThrow();
  });

  it.each([
    ["without prune", extra, undefined],
    ["of another namespace", removed("configmaps", "ConfigMap", "extra", "bank"), PRUNE],
    ["of a namespace of the cluster itself", removed("configmaps", "ConfigMap", "coredns", "kube-system"), PRUNE],
    ["of a namespace as a whole", removed("namespaces", "Namespace", "shop"), PRUNE],
    ["of what is stored in a claim", removed("persistentvolumeclaims", "PersistentVolumeClaim", "d", "shop"), PRUNE],
    ["of a volume", removed("persistentvolumes", "PersistentVolume", "pv"), PRUNE],
    ["of whatever has the name", { ...extra, entry: { action: "remove" as const } }, PRUNE],
  ])("into which somebody has written a removal %s is refused", (_, removal, prune) => {
    expect(() => checkPlan(planRemoving([removal], prune), SURROUNDINGS)).toThrow(/nothing was written/);
  });

  it("into which somebody has written more removals than its settings allow is refused", () => {
    const many = Array.from({ length: 11 }, (_, one) => removed("configmaps", "ConfigMap", `extra-${one}`, "shop"));
    expect(() => checkPlan(planRemoving(many, PRUNE), SURROUNDINGS)).toThrow(/it removes 11 objects/);
  });
});
