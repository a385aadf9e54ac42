import { setTimeout as sleep } from "node:timers/promises";
import type { Call } from "@kubeferry/model";
import type { ObjectInfo } from "@kubeferry/object-store";
import { shareGrace } from "../grace.ts";
import { SnapshotError } from "../snapshot-error.ts";

/** What a run must know of the prune that may run beside it. */
export interface PruneBeside {
  /** `gcGrace`, the same for the run and for prune; milliseconds. */
  readonly gcGraceMs: number;
  /** The store's clock, never earlier than it says: `Lease.storeNow`. */
  readonly storeNow: () => Date;
  /** How to wait; default a timer. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Keeps one run clear of the prune beside it. */
export interface RunGrace {
  /** True for unnamed bytes that prune may be about to remove. */
  isOld(found: ObjectInfo): boolean;
  /** To be told of bytes that were written again. */
  writtenAgain(): void;
  /** Waits until no removal is under way that was decided upon before bytes were written again. */
  settle(call: Call): Promise<void>;
  /** @throws SnapshotError "expired" when the run took so long that its own bytes may be gone already */
  checkAge(): void;
}

/** Nobody prunes: nothing is ever old. */
const ALONE: RunGrace = { isOld: () => false, writtenAgain: ignore, settle: async () => undefined, checkAge: ignore };

/** The clock starts now: call it before the first upload. */
export function startGrace(beside: PruneBeside | undefined): RunGrace {
  if (beside === undefined) return ALONE;
  const { gcGraceMs, storeNow, pause = wait } = beside;
  const shares = shareGrace(gcGraceMs);
  const startMs = storeNow().getTime();
  const last: { writtenMs?: number } = {};
  return {
    isOld: ({ modifiedAt }) => storeNow().getTime() - modifiedAt.getTime() > shares.rewriteAfterMs,
    writtenAgain() {
      last.writtenMs = performance.now();
    },
    async settle({ signal }) {
      if (last.writtenMs === undefined) return;
      const leftMs = last.writtenMs + shares.settleMs - performance.now();
      if (leftMs > 0) await pause(leftMs, signal);
    },
    checkAge() {
      const tookMs = storeNow().getTime() - startMs;
      if (tookMs > shares.commitWithinMs) throw expired(tookMs, shares.commitWithinMs);
    },
  };
}

function expired(tookMs: number, allowedMs: number): SnapshotError {
  const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;
  return new SnapshotError({
    kind: "expired",
    who: "snapshot",
    operation: "commit",
    problem: `the run took ${seconds(tookMs)}, more than half of retention.gcGrace (${seconds(allowedMs)}): prune may have removed bytes it stored`,
    next: "nothing was committed; set retention.gcGrace to more than twice what a run takes",
  });
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal });
}

function ignore(): void {
  // Nobody prunes beside this run.
}
