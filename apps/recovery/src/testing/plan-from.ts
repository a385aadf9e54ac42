import type { WritableKube } from "@kubeferry/kube";
import type { ObjectStore } from "@kubeferry/object-store";
import type { Snapshot } from "@kubeferry/snapshot";
import { RESTORE_EVERYTHING } from "@kubeferry/test-fleet";
import { planRestore } from "../restore/plan/plan-restore.ts";
import type { RestorePlan, RestoreSettings } from "../restore/restore-plan.ts";
import { quietCall } from "./take-snapshot.ts";

/** Plans a restore of everything, unless the settings say less, at a time of the past. */
export function planFrom(
  snapshot: Snapshot,
  store: ObjectStore,
  { kube, writer }: WritableKube,
  settings: Partial<RestoreSettings> = {},
): Promise<RestorePlan> {
  const all = { ...RESTORE_EVERYTHING, ...settings };
  const run = { concurrency: 4, toolVersion: "test", now: () => new Date("2026-11-20T07:00:00Z"), clean: {} };
  return planRestore({ snapshot, store, kube, writer, settings: all, ...run }, quietCall);
}
