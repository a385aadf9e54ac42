import { Buffer } from "node:buffer";
import { setTimeout as sleep } from "node:timers/promises";
import type { ObjectStore } from "@kubeferry/object-store";
import { describe, expect, it } from "vitest";
import { acquireLease } from "../lease/acquire-lease.ts";
import { openSeries } from "../series.ts";
import { SnapshotError } from "../snapshot-error.ts";
import type { Snapshot } from "../snapshots.ts";
import { configMaps, deployments, object } from "../testing/cluster.ts";
import { interposed } from "../testing/interposed.ts";
import { freshSigningPair, signingAs } from "../testing/keys.ts";
import { type FoundType, type RunOptions, takeSnapshot } from "../testing/runs.ts";
import { type ShiftedClock, shiftedClock } from "../testing/shifted-clock.ts";
import { call, describeOnStores } from "../testing/stores.ts";
import { verifySnapshot } from "../verify/verify-snapshot.ts";
import { prune } from "./prune.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** What a cluster looks like in one of several states; the same state gives the same bytes. */
function clusterIn(state: number): FoundType[] {
  const version = String(state + 1);
  return [
    { type: configMaps, objects: [object(configMaps, "shop/a", version, { state })] },
    { type: deployments, objects: [object(deployments, "shop/web", "1", "always the same")] },
  ];
}

async function problemsIn(store: ObjectStore, series: readonly string[]): Promise<object[]> {
  const problems: object[] = [];
  for (const name of series) {
    const opened = openSeries(store, name);
    for await (const { sequence } of opened.list(call)) {
      const verified = await verifySnapshot(await opened.at(sequence, call), store, call);
      problems.push(...verified.problems.map((problem) => ({ series: name, sequence, ...problem })));
    }
  }
  return problems;
}

/** As a backup does: what turns out to be gone is written anew. */
async function takeWhole(store: ObjectStore, state: number, options: RunOptions): Promise<Snapshot> {
  try {
    return await takeSnapshot(store, clusterIn(state), options);
  } catch (error) {
    if (!(error instanceof SnapshotError) || error.kind !== "damaged") throw error;
    return takeSnapshot(store, clusterIn(state), { ...options, reuse: false });
  }
}

/** A store with bytes of state 0 that nobody names any more and that prune is free to remove. */
async function withOldLeftovers(inner: ObjectStore): Promise<ShiftedClock> {
  const clock = shiftedClock(inner);
  await takeSnapshot(clock.store, clusterIn(0));
  await takeSnapshot(clock.store, clusterIn(1));
  await prune(pruning(clock.store, clock), call);
  await clock.advance(2 * DAY_MS);
  return clock;
}

function pruning(store: ObjectStore, clock: ShiftedClock) {
  const policy = { keepLast: 1 };
  return { store, series: "default", policy, gcGraceMs: DAY_MS, storeTime: clock.now(), concurrency: 4 };
}

function beside(clock: ShiftedClock, pause: () => Promise<void> = async () => undefined) {
  return { pruneBeside: { gcGraceMs: DAY_MS, storeNow: clock.now, pause } };
}

describeOnStores(["folder"], (fresh) => {
  it("a run that names bytes nobody named for long is whole, whenever prune runs beside it", async () => {
    for (let at = 1; ; at++) {
      const clock = await withOldLeftovers(fresh());
      let requests = 0;
      const store = interposed(clock.store, async ({ phase }) => {
        if (phase === "before" && ++requests === at) await prune(pruning(clock.store, clock), call);
      });
      const { manifest } = await takeWhole(store, 0, beside(clock));
      expect(manifest.sequence).toBe(3);
      expect(await problemsIn(clock.store, ["default"]), `prune before request ${at}`).toEqual([]);
      if (requests < at) {
        expect(at).toBeGreaterThan(10);
        return;
      }
    }
  });

  it("writes such bytes again, and those which are young or which the parent names not", async () => {
    const clock = await withOldLeftovers(fresh());
    const written: string[] = [];
    const store = interposed(clock.store, async ({ operation, key, phase }) => {
      if (operation === "put" && phase === "after") written.push(key);
    });
    await takeSnapshot(store, clusterIn(0), beside(clock));
    // Segment and state of the ConfigMap; the Deployment and the API documents are the parent's.
    const folders = written.map((key) => key.split("/")[1]);
    expect(folders.toSorted()).toEqual(["default", "segments", "state"]);
    expect(folders.at(-1)).toBe("default");
    written.length = 0;
    await takeSnapshot(store, clusterIn(1), beside(clock));
    await clock.advance(DAY_MS / 8);
    await takeSnapshot(store, clusterIn(0), beside(clock));
    expect(written.filter((key) => key.includes("/segments/"))).toHaveLength(1);
  });

  it("notices that they went after all, by a removal that was on its way when they were written", async () => {
    const clock = await withOldLeftovers(fresh());
    const removal = gate();
    const arrived = gate();
    const slow = interposed(clock.store, async ({ operation, key, phase }) => {
      if (operation !== "delete" || phase !== "before" || !key.includes("/segments/")) return;
      arrived.open();
      await removal.opened;
    });
    const pruned = prune(pruning(slow, clock), call);
    await arrived.opened;
    const pauses: unknown[] = [];
    const pause = async () => {
      pauses.push(removal.open());
      await pruned;
    };
    const { manifest } = await takeWhole(clock.store, 0, beside(clock, pause));
    expect(manifest.sequence).toBe(3);
    expect(pauses.length).toBeGreaterThan(0);
    expect(await problemsIn(clock.store, ["default"])).toEqual([]);
  });

  it("is not committed when it took so long that prune may have removed its first bytes", async () => {
    const clock = shiftedClock(fresh());
    const store = interposed(clock.store, async ({ operation, key, phase }) => {
      if (operation === "put" && phase === "after" && key.includes("/api/")) await clock.advance(DAY_MS / 2 + 1000);
    });
    await expect(takeSnapshot(store, clusterIn(0), beside(clock))).rejects.toMatchObject({
      kind: "expired",
      message: expect.stringContaining("more than half of retention.gcGrace (43200 s)"),
    });
    expect(await openSeries(clock.store, "default").newest(call)).toBeUndefined();
  });

  it("is lost when others committed twice and prune ran between its last look and its manifest", async () => {
    const clock = shiftedClock(fresh());
    const protection = await signingAs(freshSigningPair());
    const options = { protection };
    await takeSnapshot(clock.store, clusterIn(0), options);
    const overtaken = { done: false };
    const slow = interposed(clock.store, async ({ operation, key, phase }) => {
      if (operation !== "put" || phase !== "before" || !key.includes("/default/") || overtaken.done) return;
      overtaken.done = true;
      await takeSnapshot(clock.store, clusterIn(2), options);
      await takeSnapshot(clock.store, clusterIn(3), options);
      await prune(pruning(clock.store, clock), call);
    });
    await expect(takeSnapshot(slow, clusterIn(1), options)).rejects.toMatchObject({ kind: "lost" });
    const series = openSeries(clock.store, "default", protection);
    const left: number[] = [];
    for await (const { sequence } of series.list(call)) left.push(sequence);
    expect(left).toEqual([3]);
    expect((await series.newest(call))?.manifest.sequence).toBe(3);
  });

  it("gives a removal that hangs up, so that it cannot strike later", async () => {
    const clock = await withOldLeftovers(fresh());
    const hanging: ObjectStore = {
      ...clock.store,
      delete: (_key, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    };
    const { failures, removed } = await prune({ ...pruning(hanging, clock), gcGraceMs: 8000 }, call);
    expect(removed.blobs).toBe(0);
    expect(failures).toMatchObject([{ kind: "unavailable" }, { kind: "unavailable" }]);
  });
});

const RUNS = 50;
const SERIES = ["default", "one", "two", "three", "four"];
/** Long enough for these runs even on a busy machine, short enough for bytes to get older than it meanwhile. */
const GC_GRACE_MS = 16_000;

// It waits for bytes to get old, so both stores wait at the same time.
describe.concurrent("at the same time", () => {
  describeOnStores(["folder", "minio"], (fresh) => {
    it(`prune in a loop beside ${RUNS} runs: every committed snapshot verifies, at every step and at the end`, {
      timeout: 300_000,
    }, async () => {
      const store = fresh();
      const tally = { committed: 0, blobs: 0, snapshots: 0, rewritten: 0 };
      const runs = SERIES.map((series, index) => runSeries(store, series, index, tally));
      const state = { done: false };
      const loop = pruneLoop(store, state, tally);
      await Promise.all(runs);
      state.done = true;
      await loop;
      expect(await problemsIn(store, SERIES)).toEqual([]);
      expect(tally.committed).toBeGreaterThanOrEqual(RUNS);
      // It was no idle race: snapshots went, their bytes went, and runs met bytes that were about to go.
      expect(tally.snapshots).toBeGreaterThan(RUNS / 2);
      expect(tally.blobs).toBeGreaterThan(0);
      expect(tally.rewritten).toBeGreaterThan(0);
    });
  });
});

interface Tally {
  committed: number;
  blobs: number;
  snapshots: number;
  rewritten: number;
}

/** Commits its share of the runs, and goes on until bytes of its first ones could have been removed. */
async function runSeries(store: ObjectStore, series: string, seed: number, tally: Tally): Promise<void> {
  const untilMs = performance.now() + 2 * GC_GRACE_MS;
  const random = numbers(seed + 1);
  for (let mine = 0; mine < RUNS / SERIES.length || performance.now() < untilMs; ) {
    const lease = await acquireLease(
      { store, series, runId: `${series}-${mine}`, work: "backup", now: () => new Date() },
      call,
    );
    const put = new Set<string>();
    const counting = interposed(store, async ({ operation, key, phase }) => {
      if (operation !== "put" || phase !== "before") return;
      if (put.has(key)) tally.rewritten++;
      put.add(key);
    });
    try {
      const pruneBeside = { gcGraceMs: GC_GRACE_MS, storeNow: lease.storeNow };
      // Few states come back all the time, many are left for good or come back when nobody names them any more.
      const state = Math.floor(random() * (random() < 0.5 ? 6 : 60));
      await takeWhole(counting, state, { series, pruneBeside });
      mine++;
      tally.committed++;
    } catch (error) {
      // A machine so busy that a run took too long: it says so, and leaves nothing half-done.
      if (!(error instanceof SnapshotError) || error.kind !== "expired") throw error;
    } finally {
      await lease.release({ failed: false }, call);
    }
    await sleep(200);
  }
}

async function pruneLoop(store: ObjectStore, state: { readonly done: boolean }, tally: Tally): Promise<void> {
  while (!state.done) {
    for (const series of SERIES) {
      // The moment a key was written is the store's own time.
      await store.put("_clock", Buffer.from(series), {}, call);
      const storeTime = (await store.head("_clock", call))?.modifiedAt ?? new Date(0);
      const policy = { keepLast: 1 };
      const result = await prune({ store, series, policy, gcGraceMs: GC_GRACE_MS, storeTime, concurrency: 4 }, call);
      expect(result).toMatchObject({ blocked: [], failures: [] });
      tally.snapshots += result.removed.snapshots;
      tally.blobs += result.removed.blobs;
    }
    expect(await problemsIn(store, SERIES)).toEqual([]);
    await sleep(50);
  }
}

/** A row of numbers from 0 to 1 that is the same each time (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
