import type { Call, GitOpsReport } from "@kubeferry/model";
import type { ServeClock } from "../clock.ts";

/** What a run depends on, looked at cheaply. */
export interface World {
  /** What is newest of every cluster, and how it is to be laid out: a text that is equal as long as both are. @throws as a run does */
  snapshots(call: Call): Promise<string>;
  /** Where the branches of the repository are, likewise; undefined where they cannot be looked at without a run. */
  branches(call: Call): Promise<string | undefined>;
}

/** Whether a run would find the world as one left it that had nothing to do. */
export interface Standstill {
  /** A world that cannot be looked at may have moved: the run that follows says what is wrong, and is counted and told. */
  mayHaveMoved(call: Call): Promise<boolean>;
  /** Told after each run that came to its end. */
  ended(report: GitOpsReport, call: Call): Promise<void>;
}

/** What cannot be seen from outside (a request that somebody closed, a certificate that ran out) waits this long at most. */
const TRUSTED_MS = 3_600_000;

/** A look is worth no more than a run, which says what does not answer. */
const LOOK_MS = 300_000;

/**
 * Remembers a world in which a run changed nothing: looked at before the run and after it, and found to be the same. Then
 * another run of it would change nothing either. Everything that is not sure counts as moved.
 */
export function createStandstill(world: World, clock: ServeClock): Standstill {
  const state: { before: string | undefined; still: { readonly seen: string; readonly sinceMs: number } | undefined } =
    {
      before: undefined,
      still: undefined,
    };

  /** @returns undefined where it cannot be looked at, or not in time: what it hangs in only reads */
  async function look(call: Call): Promise<string | undefined> {
    const over = new AbortController();
    const signal = AbortSignal.any([call.signal, over.signal]);
    const late = clock.sleep(LOOK_MS, signal).then(() => undefined);
    try {
      return await Promise.race([seen({ ...call, signal }).catch(() => undefined), late]);
    } finally {
      over.abort();
    }
  }

  async function seen(call: Call): Promise<string | undefined> {
    const branches = await world.branches(call);
    return branches === undefined ? undefined : `${await world.snapshots(call)}\n${branches}`;
  }

  return {
    async mayHaveMoved(call) {
      state.before = await look(call);
      const { before, still } = state;
      state.still = undefined;
      const trusted = still !== undefined && clock.monotonicMs() - still.sinceMs < TRUSTED_MS;
      if (!trusted || before === undefined || still.seen !== before) return true;
      state.still = still;
      return false;
    },
    async ended({ status }, call) {
      const { before } = state;
      if (status !== "complete" || before === undefined) return;
      const after = await look(call);
      if (after === before) state.still = { seen: before, sinceMs: clock.monotonicMs() };
    },
  };
}
