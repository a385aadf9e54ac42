import { isEmpty } from "@kubeferry/layout";
import type { Call } from "@kubeferry/model";
import type { Delivery } from "./deliver.ts";
import { inClone, planOn } from "./plan-in-clone.ts";

/** How long, and how often, something is looked at. */
export interface Patience {
  readonly timeoutMs: number;
  readonly pollMs: number;
  /** Milliseconds. */
  readonly now: () => number;
  /** Rejects with the signal's reason once it is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Waits until the base branch holds what a delivery plans: somebody merged it, by whatever kind of merge.
 * @returns the base's commit that holds it; undefined when the time is up
 * @throws GitOpsError, GitError as planning does
 */
export async function awaitMerge(delivery: Delivery, patience: Patience, call: Call): Promise<string | undefined> {
  const { base } = delivery.gitops.repository;
  const until = patience.now() + patience.timeoutMs;
  for (;;) {
    const looked = await inClone(delivery, call, async (tree) => {
      const { plan } = await planOn(tree, undefined, { ...delivery, allowRemovals: true }, call);
      if (isEmpty(plan)) return { merged: tree.baseCommit };
      for (;;) {
        if (patience.now() >= until) return { merged: undefined };
        await patience.sleep(Math.min(patience.pollMs, until - patience.now()), call.signal);
        // A look at the branches costs one request; a plan only when the base moved.
        const tip = (await tree.remoteBranches(base, call)).find(({ name }) => name === base);
        if (tip !== undefined && tip.commit !== tree.baseCommit) return undefined;
      }
    });
    if (looked !== undefined) return looked.merged;
  }
}
