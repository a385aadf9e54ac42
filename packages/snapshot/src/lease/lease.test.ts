import { Buffer } from "node:buffer";
import { type ObjectStore, observed } from "@kubeferry/object-store";
import { expect, it } from "vitest";
import { recorded } from "../testing/recording.ts";
import { bytesAt } from "../testing/runs.ts";
import { call, describeOnStores } from "../testing/stores.ts";
import { acquireLease, countFailedRun, type LeaseOptions } from "./acquire-lease.ts";
import { LEASE_KEY } from "./lease-record.ts";
import type { Pause } from "./renew-in-background.ts";

const SINCE = "2026-11-21T06:00:00.000Z";
/** Stands still until the test is over. */
const never: Pause = (_, signal) =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));

function optionsOf(store: ObjectStore, runId: string, more: Partial<LeaseOptions> = {}): LeaseOptions {
  return { store, series: "default", runId, work: "backup", now: () => new Date(SINCE), pause: never, ...more };
}

/** A pause that does something else each time and counts what it was asked for. */
function pausing(then: (turn: number) => Promise<unknown> = async () => undefined) {
  const asked: number[] = [];
  return { asked, pause: async (ms: number) => void (await then(asked.push(ms))) };
}

async function recordIn(store: ObjectStore) {
  return JSON.parse((await bytesAt(store, LEASE_KEY)).toString("utf8")) as {
    series: Record<string, { failedRuns: number; holder?: { runId: string; renewals: number } }>;
  };
}

describeOnStores(["folder", "minio", "versitygw"], (fresh) => {
  it("is taken, renewed and let go of, and the next run has it at once", async () => {
    const store = fresh();
    const first = await acquireLease(optionsOf(store, "run-1"), call);
    expect((await recordIn(store)).series).toMatchObject({ default: { holder: { runId: "run-1", renewals: 0 } } });
    const renewed = await first.renew(call);
    expect(renewed).toEqual((await store.head(LEASE_KEY, call))?.modifiedAt);
    expect((await recordIn(store)).series.default?.holder?.renewals).toBe(1);
    await first.release({ failed: false }, call);
    expect((await recordIn(store)).series).toEqual({ default: { failedRuns: 0 } });
    const next = pausing();
    await (await acquireLease(optionsOf(store, "run-2", { pause: next.pause }), call)).release({ failed: false }, call);
  });

  it("is given to exactly one of several who ask at once; the others hear of a living run", async () => {
    const store = fresh();
    const winners: string[] = [];
    const alive = async () => void (await Promise.allSettled(leases.map((lease) => lease.renew(call))));
    const leases: Awaited<ReturnType<typeof acquireLease>>[] = [];
    const held = Promise.withResolvers<void>();
    const asking = ["a", "b", "c", "d"].map(async (runId) => {
      let turn = 0;
      // The winner's own background stands still; those who look on renew it for it.
      const pause: Pause = async (ms, signal) => {
        if (winners.includes(runId)) return never(ms, signal);
        // Time stands still until the winner knows that it is one: otherwise it would be taken for dead before.
        await held.promise;
        if (turn++ > 0) await alive();
      };
      const lease = await acquireLease(optionsOf(store, runId, { pause }), call);
      winners.push(runId);
      leases.push(lease);
      held.resolve();
    });
    const results = await Promise.allSettled(asking);
    expect(winners).toHaveLength(1);
    for (const result of results.filter((one) => one.status === "rejected")) {
      expect(result.reason).toMatchObject({ kind: "busy", message: expect.stringContaining(`run ${winners[0]}`) });
    }
    await leases[0]?.release({ failed: false }, call);
  });
});

describeOnStores(["folder"], (fresh) => {
  it("counts a holder as dead that shows no sign of life for as long as it promised, and its run as failed", async () => {
    const store = fresh();
    await acquireLease(optionsOf(store, "killed", { ttlMs: 5000 }), call);
    const looking = pausing();
    const lease = await acquireLease(optionsOf(store, "next", { pause: looking.pause }), call);
    expect(looking.asked.slice(0, 10).reduce((sum, ms) => sum + ms, 0)).toBe(5000);
    expect(lease.failedRuns).toBe(1);
    await lease.release({ failed: false }, call);
    expect((await recordIn(store)).series).toEqual({ default: { failedRuns: 1 } });
  });

  it("refuses a second run as soon as the first one renews", async () => {
    const store = fresh();
    const first = await acquireLease(optionsOf(store, "first"), call);
    const looking = pausing(async (turn) => (turn === 3 ? first.renew(call) : undefined));
    await expect(acquireLease(optionsOf(store, "second", { pause: looking.pause }), call)).rejects.toMatchObject({
      kind: "busy",
      message: expect.stringMatching(/run first \(backup\) is at work since 2026-11-21T06:00:00.000Z.*takes over 30 s/),
    });
    expect(looking.asked).toHaveLength(3);
    await first.release({ failed: false }, call);
  });

  it("waits for a run that ends while it looks on", async () => {
    const store = fresh();
    const first = await acquireLease(optionsOf(store, "first"), call);
    const looking = pausing(async (turn) => (turn === 2 ? first.release({ failed: true }, call) : undefined));
    const lease = await acquireLease(optionsOf(store, "second", { pause: looking.pause }), call);
    expect(lease.failedRuns).toBe(1);
    await lease.release({ failed: false }, call);
  });

  it("tells a holder that was taken over so, and its end then changes nothing", async () => {
    const store = fresh();
    const stalled = await acquireLease(optionsOf(store, "stalled"), call);
    const taker = await acquireLease(optionsOf(store, "taker", { pause: pausing().pause }), call);
    expect(await stalled.renew(call)).toBeUndefined();
    await stalled.release({ failed: true }, call);
    expect((await recordIn(store)).series.default).toMatchObject({ failedRuns: 1, holder: { runId: "taker" } });
    await taker.release({ failed: false }, call);
  });

  it("is kept for each series apart", async () => {
    const store = fresh();
    const one = await acquireLease(optionsOf(store, "one"), call);
    const other = await acquireLease(optionsOf(store, "other", { series: "configmaps" }), call);
    await other.release({ failed: true }, call);
    expect((await recordIn(store)).series).toMatchObject({
      default: { failedRuns: 0, holder: { runId: "one" } },
      configmaps: { failedRuns: 1 },
    });
    await one.release({ failed: false }, call);
  });

  it("counts runs that failed before they could have it, and leaves a store alone that nobody worked in", async () => {
    const store = fresh();
    await countFailedRun(store, "default", call);
    expect(await store.head(LEASE_KEY, call)).toBeUndefined();
    await (await acquireLease(optionsOf(store, "first"), call)).release({ failed: false }, call);
    await countFailedRun(store, "default", call);
    await countFailedRun(store, "default", call);
    const lease = await acquireLease(optionsOf(store, "run"), call);
    expect(lease.failedRuns).toBe(2);
    await lease.release({ failed: false }, call);
  });

  it("is renewed in the background, and no more after its end", async () => {
    const { store, writes } = recorded(fresh());
    let turns = 0;
    const pause: Pause = async (ms, signal) => (++turns > 3 ? never(ms, signal) : undefined);
    const lease = await acquireLease(optionsOf(store, "run", { pause }), call);
    while (turns <= 3) await new Promise((resolve) => setImmediate(resolve));
    expect(writes()).toEqual(Array(4).fill(`put ${LEASE_KEY}`));
    await lease.release({ failed: false }, call);
    await lease.release({ failed: false }, call);
    expect(writes()).toHaveLength(5);
  });

  it.each(["put", "head"])("is handed back at once where it is told to stop before its %s", async (request) => {
    const store = fresh();
    const stop = new AbortController();
    const stopping = observed(store, ({ operation, phase }) => {
      if (operation === request && phase === "before") stop.abort(new Error("told to stop"));
    });
    const stopped = { ...call, signal: stop.signal, deadline: new AbortController().signal };
    await expect(acquireLease(optionsOf(stopping, "run"), stopped)).rejects.toThrow("told to stop");
    expect((await recordIn(store)).series).toEqual({ default: { failedRuns: 0 } });
  });

  it("is released although the run was stopped", async () => {
    const store = fresh();
    const stop = new AbortController();
    const stopped = { ...call, signal: stop.signal };
    const lease = await acquireLease(optionsOf(store, "run"), stopped);
    stop.abort();
    await lease.release({ failed: true }, stopped);
    expect((await recordIn(store)).series).toEqual({ default: { failedRuns: 1 } });
  });
});

describeOnStores(["folder"], (fresh) => {
  it("is written anew when it is damaged, for nothing depends on it", async () => {
    const store = fresh();
    await store.put(LEASE_KEY, Buffer.from("{"), {}, call);
    const lease = await acquireLease(optionsOf(store, "run"), call);
    await lease.release({ failed: false }, call);
    expect((await recordIn(store)).series).toEqual({ default: { failedRuns: 0 } });
  });

  it("stops the run when a later version wrote it", async () => {
    const store = fresh();
    await store.put(LEASE_KEY, Buffer.from('{"format":2}'), {}, call);
    await expect(acquireLease(optionsOf(store, "run"), call)).rejects.toMatchObject({ kind: "newer-format" });
  });
});
