import { Buffer } from "node:buffer";
import type { ObjectInfo, ObjectStore } from "@kubeferry/object-store";
import { expect, it } from "vitest";
import { openSeries } from "../series.ts";
import type { Snapshot } from "../snapshots.ts";
import { configMaps, identity, object, viewOf } from "../testing/cluster.ts";
import { interposed } from "../testing/interposed.ts";
import { freshSigningPair, trusting } from "../testing/keys.ts";
import { Killed, killedAt, recorded } from "../testing/recording.ts";
import { bytesAt, filesIn, mirror, type RunOptions, takeSnapshot } from "../testing/runs.ts";
import { shiftedClock } from "../testing/shifted-clock.ts";
import { call, describeOnStores } from "../testing/stores.ts";
import { verifySnapshot } from "../verify/verify-snapshot.ts";
import { type PruneOptions, prune } from "./prune.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** The n-th run of a series: one ConfigMap changes, the other stays. */
function run(store: ObjectStore, day: number, options: RunOptions = {}): Promise<Snapshot> {
  const at = new Date(Date.UTC(2026, 10, day, 6));
  const found = [{ type: configMaps, objects: [object(configMaps, "shop/a", String(day), { day })] }];
  return takeSnapshot(store, found, { details: { startedAt: at, finishedAt: at }, ...options });
}

function optionsOf(store: ObjectStore, more: Partial<PruneOptions> = {}): PruneOptions {
  const policy = { keepLast: 1 };
  return { store, series: "default", policy, gcGraceMs: DAY_MS, storeTime: new Date(), concurrency: 4, ...more };
}

async function sequencesIn(store: ObjectStore, series = "default"): Promise<number[]> {
  const sequences: number[] = [];
  for await (const { sequence } of openSeries(store, series).list(call)) sequences.push(sequence);
  return sequences;
}

async function blobsIn(store: ObjectStore): Promise<string[]> {
  return Object.keys(await filesIn(store, "_snapshots/")).filter((key) => /\/(segments|state|api)\//.test(key));
}

/** Every snapshot of every series is whole. */
async function expectAllWhole(store: ObjectStore, ...series: string[]): Promise<void> {
  for (const name of ["default", ...series]) {
    const opened = openSeries(store, name);
    for await (const { sequence } of opened.list(call)) {
      expect((await verifySnapshot(await opened.at(sequence, call), store, call)).problems).toEqual([]);
    }
  }
}

/** A store in which some keys are protected. */
function locking(inner: ObjectStore, lockedUntil: (key: string) => Date | undefined): ObjectStore {
  return {
    ...inner,
    async head(key, headCall): Promise<ObjectInfo | undefined> {
      const found = await inner.head(key, headCall);
      const until = lockedUntil(key);
      return found === undefined || until === undefined ? found : { ...found, lockedUntil: until };
    },
  };
}

describeOnStores(["folder", "minio", "versitygw"], (fresh) => {
  it("removes the snapshots that retention lets go, says why the others stay, and keeps young bytes", async () => {
    const store = fresh();
    for (const day of [1, 2, 3, 4]) await run(store, day);
    const before = await blobsIn(store);
    const { snapshots, removed } = await prune(optionsOf(store, { policy: { keepLast: 2 } }), call);
    expect(snapshots.map(({ sequence, reasons }) => [sequence, reasons])).toEqual([
      [1, []],
      [2, []],
      [3, ["keepLast 2"]],
      [4, ["newest", "newest complete", "keepLast 2"]],
    ]);
    expect(removed).toMatchObject({ snapshots: 2, blobs: 0 });
    expect(await sequencesIn(store)).toEqual([3, 4]);
    expect(await blobsIn(store)).toEqual(before);
  });
});

describeOnStores(["folder"], (fresh) => {
  it("removes nothing while another cluster's manifest was copied among its own", async () => {
    const [store, other] = [fresh(), fresh()];
    for (const day of [1, 2]) await run(store, day);
    const elsewhere = { ...identity, name: "other" };
    for (const day of [1, 2, 3]) await run(other, day, { details: { cluster: elsewhere } });
    const copied = "_snapshots/default/0000000003.json";
    await store.put(copied, await bytesAt(other, copied), {}, call);
    const result = await prune(optionsOf(store, { cluster: identity }), call);
    expect(result).toMatchObject({ removed: { snapshots: 0 }, blocked: [{ key: copied }] });
    expect(await sequencesIn(store)).toEqual([1, 2, 3]);
  });

  it("keeps what is within the time, also behind a run whose clock was years ahead", async () => {
    const store = fresh();
    const now = new Date();
    for (const at of [now, new Date("2099-01-01T00:00:00Z")]) {
      await run(store, 1, { details: { startedAt: at, finishedAt: at } });
    }
    const { removed } = await prune(optionsOf(store, { policy: { withinMs: DAY_MS }, storeTime: now }), call);
    expect(removed.snapshots).toBe(0);
    expect(await sequencesIn(store)).toEqual([1, 2]);
  });

  it("removes bytes that no snapshot names once they are older than gcGrace by the store's clock, and only them", async () => {
    const clock = shiftedClock(fresh());
    const { store } = clock;
    for (const day of [1, 2]) await run(store, day);
    await prune(optionsOf(store, { storeTime: clock.now() }), call);
    await clock.advance(DAY_MS - 60_000);
    expect((await prune(optionsOf(store, { storeTime: clock.now() }), call)).removed.blobs).toBe(0);
    await clock.advance(120_000);
    const { removed, later, failures } = await prune(optionsOf(store, { storeTime: clock.now() }), call);
    expect({ ...removed, bytes: removed.bytes > 100, later, failures }).toEqual({
      snapshots: 0,
      blobs: 2,
      bytes: true,
      later: [],
      failures: [],
    });
    // Segment, state and API documents of what is left.
    expect(await blobsIn(store)).toHaveLength(3);
    await expectAllWhole(store);
  });

  it("keeps bytes that were written again after prune had listed them", async () => {
    const clock = shiftedClock(fresh());
    for (const day of [1, 2]) await run(clock.store, day);
    await prune(optionsOf(clock.store, { storeTime: clock.now() }), call);
    await clock.advance(2 * DAY_MS);
    const storeTime = clock.now();
    const rewriting = interposed(clock.store, async ({ operation, key, phase }) => {
      if (operation !== "head" || phase !== "before" || !key.includes("/segments/")) return;
      await clock.store.put(key, await bytesAt(clock.store, key), {}, call);
    });
    const { removed } = await prune(optionsOf(rewriting, { storeTime }), call);
    expect(removed.blobs).toBe(1);
    expect((await blobsIn(clock.store)).filter((key) => key.includes("/segments/"))).toHaveLength(2);
  });

  it("keeps what another series names, and that series' snapshots", async () => {
    const clock = shiftedClock(fresh());
    const { store } = clock;
    await run(store, 1);
    await run(store, 1, { series: "other" });
    await run(store, 2);
    await clock.advance(2 * DAY_MS);
    const { snapshots } = await prune(optionsOf(store, { storeTime: clock.now() }), call);
    expect(snapshots.map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(await sequencesIn(store)).toEqual([2]);
    expect(await sequencesIn(store, "other")).toEqual([1]);
    await expectAllWhole(store, "other");
  });

  it("keeps the newest complete snapshot below later partial ones", async () => {
    const store = fresh();
    await run(store, 1);
    await run(store, 2);
    const partial = { details: { failures: [{ target: "x", kind: "y", message: "z" }] } };
    await run(store, 3, partial);
    await run(store, 4, partial);
    await prune(optionsOf(store), call);
    expect(await sequencesIn(store)).toEqual([2, 4]);
  });

  it("keeps the snapshot that the mirror shows, until it shows a later one", async () => {
    const store = fresh();
    await run(store, 1);
    await mirror(store);
    await run(store, 2);
    const { snapshots } = await prune(optionsOf(store), call);
    expect(snapshots.map(({ reasons }) => reasons.at(-1))).toEqual(["mirror", "keepLast 1"]);
    const { store: watched, writes } = recorded(store);
    await mirror(watched);
    // What changed, and nothing else: the mirror knew what it had shown.
    expect(writes().filter((write) => write.includes("shop/"))).toEqual(["put shop/configmaps/a.yaml"]);
    await prune(optionsOf(store), call);
    expect(await sequencesIn(store)).toEqual([2]);
  });

  it("removes nothing in a dry run, and says what would go", async () => {
    const clock = shiftedClock(fresh());
    for (const day of [1, 2]) await run(clock.store, day);
    await clock.advance(2 * DAY_MS);
    const { store, writes } = recorded(clock.store);
    const { removed } = await prune(optionsOf(store, { storeTime: clock.now(), dryRun: true }), call);
    expect(removed).toMatchObject({ snapshots: 1, blobs: 2 });
    expect(writes()).toEqual([]);
    expect((await prune(optionsOf(store, { storeTime: clock.now() }), call)).removed).toEqual(removed);
  });

  it.each([
    ["damaged", "{"],
    ["of a newer format", '{"format":2}'],
  ])("removes nothing while a manifest of any series is %s, and names it", async (_, text) => {
    const clock = shiftedClock(fresh());
    for (const day of [1, 2]) await run(clock.store, day);
    const bad = "_snapshots/other/0000000001.json";
    await clock.store.put(bad, Buffer.from(text), {}, call);
    await clock.advance(2 * DAY_MS);
    const { store, writes } = recorded(clock.store);
    const { blocked, removed } = await prune(optionsOf(store, { storeTime: clock.now() }), call);
    expect(blocked).toEqual([{ key: bad, problem: expect.stringContaining(bad) }]);
    expect(removed).toEqual({ snapshots: 0, blobs: 0, bytes: 0 });
    expect(writes()).toEqual([]);
  });

  it("removes nothing while a manifest is there that nobody believed has signed", async () => {
    const clock = shiftedClock(fresh());
    for (const day of [1, 2]) await run(clock.store, day);
    await clock.advance(2 * DAY_MS);
    const { store, writes } = recorded(clock.store);
    const { trust } = await trusting([freshSigningPair()]);
    const { blocked } = await prune(optionsOf(store, { storeTime: clock.now(), trust }), call);
    expect(blocked.map(({ key }) => key)).toEqual([
      "_snapshots/default/0000000001.json",
      "_snapshots/default/0000000002.json",
    ]);
    expect(writes()).toEqual([]);
  });

  it("removes no bytes where there is no snapshot at all, and no key that is not its own", async () => {
    const clock = shiftedClock(fresh());
    const { store } = clock;
    const foreign = ["_snapshots/segments/notes.txt", "_snapshots/segments/abc.ndjson.zst", "shop/a.yaml"];
    const leftover = `_snapshots/segments/${"0".repeat(64)}.ndjson.zst`;
    for (const key of [...foreign, leftover]) await store.put(key, Buffer.from("x"), {}, call);
    await clock.advance(2 * DAY_MS);
    await prune(optionsOf(store, { storeTime: clock.now() }), call);
    expect(Object.keys(await filesIn(store)).sort()).toEqual([...foreign, leftover].sort());
    await run(store, 1);
    await prune(optionsOf(store, { storeTime: clock.now() }), call);
    expect(await store.head(leftover, call)).toBeUndefined();
    for (const key of foreign) expect(await store.head(key, call)).toBeDefined();
  });

  it("leaves what is locked for later and never sends a DELETE for it; what a locked snapshot names stays with it", async () => {
    const clock = shiftedClock(fresh());
    for (const day of [1, 2, 3]) await run(clock.store, day);
    await clock.advance(2 * DAY_MS);
    const until = new Date(clock.now().getTime() + DAY_MS);
    const locked = locking(clock.store, (key) => (key.endsWith("0000000001.json") ? until : undefined));
    const { store, writes } = recorded(locked);
    const { later, removed, failures } = await prune(optionsOf(store, { storeTime: clock.now() }), call);
    expect(later).toEqual([{ key: "_snapshots/default/0000000001.json", lockedUntil: until }]);
    expect({ ...removed, failures }).toMatchObject({ snapshots: 1, blobs: 2, failures: [] });
    expect(writes()).not.toContain("delete _snapshots/default/0000000001.json");
    expect(await sequencesIn(store)).toEqual([1, 3]);
    await expectAllWhole(store);
    const after = { ...optionsOf(store), storeTime: new Date(until.getTime() + 1) };
    expect((await prune(after, call)).removed.snapshots).toBe(1);
  });

  it("goes on when the store refuses a removal, and says so; what such a snapshot names stays", async () => {
    const clock = shiftedClock(fresh());
    for (const day of [1, 2, 3]) await run(clock.store, day);
    await clock.advance(2 * DAY_MS);
    const { store } = clock;
    const { StorageError } = await import("@kubeferry/object-store");
    const refusing: ObjectStore = {
      ...store,
      async delete(key, deleteCall) {
        if (!key.endsWith("0000000001.json")) return store.delete(key, deleteCall);
        throw new StorageError({ kind: "denied", who: "test", operation: `delete ${key}`, problem: "no" });
      },
    };
    const { failures, removed } = await prune(optionsOf(refusing, { storeTime: clock.now() }), call);
    expect(failures).toMatchObject([{ target: "prune _snapshots/default/0000000001.json", kind: "denied" }]);
    expect(removed).toMatchObject({ snapshots: 1, blobs: 2 });
    await expectAllWhole(store);
  });

  it.each(["before", "after"] as const)(
    "killed just %s any of its requests leaves only whole snapshots, and the next prune removes the rest",
    async (side) => {
      for (let request = 1; ; request++) {
        const clock = shiftedClock(fresh());
        const { store } = clock;
        for (const day of [1, 2, 3]) await run(store, day);
        await run(store, 2, { series: "other" });
        await clock.advance(2 * DAY_MS);
        const killed = await prune(optionsOf(killedAt(store, request, side), { storeTime: clock.now() }), call).then(
          () => false,
          (error: unknown) => error instanceof Killed,
        );
        await expectAllWhole(store, "other");
        await prune(optionsOf(store, { storeTime: clock.now() }), call);
        expect(await sequencesIn(store)).toEqual([3]);
        // Segment and state of 3 and of the other series; their API documents are the same.
        expect(await blobsIn(store)).toHaveLength(5);
        await expectAllWhole(store, "other");
        if (!killed) {
          expect(request).toBeGreaterThan(10);
          return;
        }
      }
    },
  );

  it("lets the next run name what an old snapshot still holds after it went, because the newest one names it too", async () => {
    const clock = shiftedClock(fresh());
    const { store } = clock;
    const view = viewOf("view-1");
    await run(store, 1, { view });
    await run(store, 1, { view });
    await clock.advance(2 * DAY_MS);
    await prune(optionsOf(store, { storeTime: clock.now() }), call);
    const { store: watched, writes } = recorded(store);
    await run(watched, 1, { view, pruneBeside: { gcGraceMs: DAY_MS, storeNow: clock.now } });
    expect(writes()).toEqual(["put _snapshots/default/0000000003.json"]);
    await expectAllWhole(store);
  });
});
