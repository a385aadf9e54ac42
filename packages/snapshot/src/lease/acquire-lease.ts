import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Call, finishing } from "@kubeferry/model";
import type { ObjectStore } from "@kubeferry/object-store";
import { checkSeriesName } from "../keys.ts";
import { SnapshotError } from "../snapshot-error.ts";
import { changeSlot, LEASE_KEY, type LeaseHolder, readSlot } from "./lease-record.ts";
import { type Pause, renewInBackground } from "./renew-in-background.ts";

/** A holder that dies is taken over so long after its last sign of life. */
const DEFAULT_TTL_MS = 30_000;
/** Looks at a silent holder within its time to live: few requests, and a living one is noticed soon. */
const LOOKS = 10;
/** A run that ends must not wait for long to say so: the lease runs out by itself. */
const RELEASE_WITHIN_MS = 10_000;
/** Nor one that was told to stop, or that failed before it began: whoever told it kills it soon. */
const RELEASE_WHEN_STOPPED_MS = 3_000;

/** Who asks for the lease. */
export interface LeaseOptions {
  /** Prefixed to the cluster's root, `{domain}/{cluster}/`. */
  readonly store: ObjectStore;
  readonly series: string;
  readonly runId: string;
  /** What for; others read it. */
  readonly work: "backup" | "prune" | "import";
  /** For people who read how long it has been held. */
  readonly now: () => Date;
  /** Without a renewal for so long this holder counts as dead. Default 30 s. */
  readonly ttlMs?: number;
  /** How to wait; default timers, of which those between renewals do not keep the process alive. */
  readonly pause?: Pause;
}

/** The lease of one series, renewed in the background until it is released. */
export interface Lease {
  /** Runs of this series that ended without a commit before this one: cumulative, for counters that outlive a process. */
  readonly failedRuns: number;
  /** The store's own clock when the lease was taken. */
  readonly storeTime: Date;
  /** About now by the store's own clock, never earlier than it says: the last time the lease was written, and what has passed since. */
  readonly storeNow: () => Date;
  /**
   * Writes the lease once more.
   * @returns the store's clock at that moment; undefined when somebody else has taken the lease over
   */
  renew(call: Call): Promise<Date | undefined>;
  /** Lets go of it, also when the call's signal is aborted already. Does not throw. @param outcome counted in `failedRuns` */
  release(outcome: { readonly failed: boolean }, call: Call): Promise<void>;
}

/**
 * Says in the store that a run is at work on a series, so that a second one does not do the same work. Nothing depends
 * on it: whatever two runs do at once, one commits and the other says that it lost. No clocks are compared: a holder is
 * dead when it renewed nothing while we looked on for as long as it promised. Told to stop on the way, it hands back what
 * it wrote.
 * @throws SnapshotError "busy" naming the holder, once it has shown that it is alive; "newer-format"; StorageError
 */
export async function acquireLease(options: LeaseOptions, call: Call): Promise<Lease> {
  checkSeriesName(options.series);
  const claimant: Claimant = { worker: randomUUID(), mayHold: false };
  for (;;) {
    const dead = await waitUntilFree(options, call);
    call.signal.throwIfAborted();
    try {
      // Cut off in the middle nobody would know whether it was written, or will be.
      const claim = await takeSlot(options, claimant, dead, finishing(call));
      if (claim !== undefined) return await holdLease(options, { worker: claimant.worker, ...claim }, call);
    } catch (error) {
      const { worker, mayHold } = claimant;
      if (mayHold) await letGo(options, { worker, failed: false, withinMs: RELEASE_WHEN_STOPPED_MS }, call);
      throw error;
    }
  }
}

/** Adds a run that failed before it could have the lease to `failedRuns`; where nobody ever had it, nothing is written. */
export async function countFailedRun(store: ObjectStore, series: string, call: Call): Promise<void> {
  checkSeriesName(series);
  if ((await store.head(LEASE_KEY, call)) === undefined) return;
  await changeSlot(store, series, (slot) => ({ ...slot, failedRuns: slot.failedRuns + 1 }), call);
}

/** @returns the holder that showed no sign of life; undefined when there is none */
async function waitUntilFree(
  { store, series, pause = timer(true) }: LeaseOptions,
  call: Call,
): Promise<LeaseHolder | undefined> {
  const first = (await readSlot(store, series, call)).holder;
  if (first === undefined) return undefined;
  const { runId, ttlMs } = first;
  const data = { series, holder: runId, ttl_ms: ttlMs };
  call.log.info("another run holds the lease; waiting for a sign of life", { operation: "lease", data });
  for (let looks = 0; looks < LOOKS; looks++) {
    await pause(ttlMs / LOOKS, call.signal);
    const now = (await readSlot(store, series, call)).holder;
    if (now === undefined) return undefined;
    if (!isSame(now, first)) throw busy(now, series);
  }
  return first;
}

function isSame(left: LeaseHolder, right: LeaseHolder): boolean {
  return left.worker === right.worker && left.renewals === right.renewals;
}

function busy({ runId, work, since, ttlMs }: LeaseHolder, series: string): SnapshotError {
  return new SnapshotError({
    kind: "busy",
    who: "snapshot",
    operation: `take the lease of series ${series}`,
    key: LEASE_KEY,
    problem: `run ${runId} (${work}) is at work since ${since}`,
    next: `wait until it has ended; should it die, a run takes over ${Math.ceil(ttlMs / 1000)} s after its last sign of life`,
  });
}

interface Claimant {
  readonly worker: string;
  /** True once it asked to write its name. */
  mayHold: boolean;
}

interface Claim {
  readonly failedRuns: number;
  /** `performance.now()` just before the record was written. */
  readonly askedAtMs: number;
}

/** @returns undefined when somebody else was first */
async function takeSlot(
  { store, series, runId, work, now, ttlMs = DEFAULT_TTL_MS }: LeaseOptions,
  claimant: Claimant,
  dead: LeaseHolder | undefined,
  call: Call,
): Promise<Claim | undefined> {
  const { worker } = claimant;
  const holder: LeaseHolder = { runId, worker, work, since: now().toISOString(), ttlMs, renewals: 0 };
  let askedAtMs = performance.now();
  const slot = await changeSlot(
    store,
    series,
    (current) => {
      askedAtMs = performance.now();
      // Our own worker: the answer to an earlier try was lost.
      if (current.holder?.worker === worker) return current;
      if (current.holder !== undefined && (dead === undefined || !isSame(current.holder, dead))) return undefined;
      // A holder that never said how it ended was killed.
      const killed = current.holder?.work === "backup" ? 1 : 0;
      claimant.mayHold = true;
      return { failedRuns: current.failedRuns + killed, holder };
    },
    call,
  );
  if (slot !== undefined && dead !== undefined) {
    call.log.warn("lease of a dead run taken over", { operation: "lease", data: { series, holder: dead.runId } });
    const data = { target: `series ${series}`, reason: `the lease of run ${dead.runId} was taken over` };
    call.log.warn("security event", { operation: "security_event", event: "lease-conflict", data });
  }
  return slot === undefined ? undefined : { failedRuns: slot.failedRuns, askedAtMs };
}

interface Held extends Claim {
  readonly worker: string;
}

async function holdLease(options: LeaseOptions, held: Held, call: Call): Promise<Lease> {
  const { store, series, ttlMs = DEFAULT_TTL_MS, pause = timer(false) } = options;
  const { worker } = held;
  const written = { storeMs: await writtenAt(store, call), askedAtMs: held.askedAtMs };
  async function renew(renewing: Call): Promise<Date | undefined> {
    const askedAtMs = performance.now();
    const slot = await changeSlot(
      store,
      series,
      ({ failedRuns, holder }) =>
        holder?.worker === worker ? { failedRuns, holder: { ...holder, renewals: holder.renewals + 1 } } : undefined,
      renewing,
    );
    if (slot === undefined) return undefined;
    Object.assign(written, { storeMs: await writtenAt(store, renewing), askedAtMs });
    return new Date(written.storeMs);
  }
  const background = renewInBackground({ renew, everyMs: ttlMs / 3, pause }, finishing(call));
  return {
    failedRuns: held.failedRuns,
    storeTime: new Date(written.storeMs),
    storeNow: () => new Date(written.storeMs + performance.now() - written.askedAtMs),
    renew,
    async release(outcome, releasing) {
      await background.stop();
      const withinMs = releasing.signal.aborted ? RELEASE_WHEN_STOPPED_MS : RELEASE_WITHIN_MS;
      await letGo(options, { worker, withinMs, ...outcome }, releasing);
    },
  };
}

interface LettingGo {
  readonly worker: string;
  readonly failed: boolean;
  readonly withinMs: number;
}

/** Where somebody else holds the lease, it stays as it is. Does not throw. */
async function letGo(
  { store, series }: LeaseOptions,
  { worker, failed, withinMs }: LettingGo,
  { log }: Call,
): Promise<void> {
  try {
    await changeSlot(
      store,
      series,
      ({ failedRuns, holder }) =>
        holder?.worker === worker ? { failedRuns: failedRuns + (failed ? 1 : 0) } : undefined,
      { log, signal: AbortSignal.timeout(withinMs) },
    );
  } catch (error) {
    log.warn("lease could not be released and runs out by itself", { operation: "lease", data: { series }, error });
  }
}

/** When the store says that the lease was written last; in milliseconds. */
async function writtenAt(store: ObjectStore, call: Call): Promise<number> {
  const info = await store.head(LEASE_KEY, call);
  if (info !== undefined) return info.modifiedAt.getTime();
  throw new SnapshotError({
    kind: "damaged",
    who: "snapshot",
    operation: "take the lease",
    key: LEASE_KEY,
    problem: "it was gone right after it had been written",
    next: "see who deletes keys of this cluster, and run again",
  });
}

function timer(ref: boolean): Pause {
  return async (ms, signal) => void (await sleep(ms, undefined, { signal, ref }));
}
