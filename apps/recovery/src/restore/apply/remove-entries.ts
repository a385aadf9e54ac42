import { KubeError, type KubeWriter } from "@kubeferry/kube";
import { type Call, finishing, KubeferryError } from "@kubeferry/model";
import type { PlanEntry } from "../restore-plan.ts";
import { WAVES } from "../wave.ts";
import { forEachInFlight } from "./in-flight.ts";
import { failureOf, type Ledger, type Outcome } from "./ledger.ts";
import { type MarkOf, seenOf } from "./look.ts";
import { targetOf } from "./target-of.ts";

/** What removing needs. */
export interface Removing {
  readonly writer: KubeWriter;
  readonly markOf: MarkOf;
  readonly ledger: Ledger;
  readonly concurrency: number;
}

/**
 * Removes what a plan removes, the last waves first; each only as the plan saw it. What owns others takes them along:
 * the cluster collects them.
 */
export async function removeEntries(entries: readonly PlanEntry[], removing: Removing, call: Call): Promise<void> {
  const { ledger, concurrency } = removing;
  for (const wave of [...WAVES].reverse()) {
    const ofWave = entries.filter((entry) => entry.wave === wave);
    const remove = async (entry: PlanEntry) => ledger.note(entry, await removeEntry(entry, removing, finishing(call)));
    await forEachInFlight(ofWave, remove, concurrency, call);
  }
}

async function removeEntry(entry: PlanEntry, { writer, markOf }: Removing, call: Call): Promise<Outcome> {
  const target = targetOf(entry.object);
  try {
    const live = await writer.read(target, call);
    // An earlier run of the same plan, or somebody else, has removed it.
    if (live === undefined) return { kind: "unchanged" };
    const { mark, resourceVersion, terminating } = seenOf(live, entry.object, markOf);
    if (mark.uid !== entry.live?.uid || mark.digest !== entry.live.digest) {
      return { kind: "changed", reason: "changed since the plan was made, and was not removed" };
    }
    if (terminating) return { kind: "removed" };
    const precondition = { uid: mark.uid, resourceVersion };
    await writer.remove(target, { dryRun: false, precondition }, call);
    return { kind: "removed" };
  } catch (error) {
    if (!(error instanceof KubeferryError)) throw error;
    if (error instanceof KubeError && error.kind === "conflict") {
      return { kind: "changed", reason: "changed while it was to be removed" };
    }
    return { kind: "failed", failure: failureOf(error) };
  }
}
