import { setTimeout as sleep } from "node:timers/promises";
import type { KubeWriter } from "@kubeferry/kube";
import type { Call } from "@kubeferry/model";
import type { PlanEntry } from "../restore-plan.ts";
import type { Outcome } from "./ledger.ts";
import { metadataOf } from "./same-content.ts";
import { targetOf } from "./target-of.ts";

const POLL_MS = 500;

/**
 * Waits until what is being removed is gone.
 * @returns undefined when it is; else what to report
 */
export async function untilGone(
  { object }: PlanEntry,
  { writer, waitTimeoutMs }: { readonly writer: KubeWriter; readonly waitTimeoutMs: number },
  call: Call,
): Promise<Outcome | undefined> {
  const target = targetOf(object);
  const deadline = AbortSignal.timeout(waitTimeoutMs);
  for (;;) {
    const live = await writer.read(target, call);
    if (live === undefined || metadataOf(live).deletionTimestamp === undefined) return undefined;
    if (deadline.aborted) break;
    await sleep(POLL_MS, undefined, { signal: call.signal });
  }
  const message = `it is being removed, and still there after ${Math.round(waitTimeoutMs / 1_000)} s; look what its finalizers wait for, then run the same command again`;
  return { kind: "failed", failure: { kind: "terminating", message } };
}
