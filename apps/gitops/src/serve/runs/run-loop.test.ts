import { GitOpsError } from "@kubeferry/layout";
import { type Call, KubeferryError, silentLog } from "@kubeferry/model";
import { StorageError } from "@kubeferry/object-store";
import { describe, expect, it } from "vitest";
import { eventOf } from "../testing/calls.ts";
import { completedReport } from "../testing/completed-report.ts";
import { type HandClock, handClock } from "../testing/hand-clock.ts";
import { createRunLoop, type RunLoop, type RunLoopOptions } from "./run-loop.ts";
import type { RunOutcome, RunRequest } from "./run-request.ts";

const MINUTE = 60_000;

/** A loop whose runs end when the test says so. */
interface HeldLoop {
  readonly loop: RunLoop;
  readonly clock: HandClock;
  readonly begun: readonly RunRequest[];
  /** Ends the run that is under way. */
  end(outcome?: RunOutcome | Error): Promise<void>;
  stop(): void;
  readonly ended: Promise<void>;
}

async function heldLoop(options: Partial<RunLoopOptions> = {}): Promise<HeldLoop> {
  const clock = handClock();
  const begun: RunRequest[] = [];
  const held: { settle: (outcome: RunOutcome | Error) => void } = { settle: () => expect.fail("no run is under way") };
  const loop = createRunLoop({
    current: () => ({ intervalMs: 15 * MINUTE, quietPeriodMs: 10_000 }),
    world: { snapshots: async () => "one", branches: async () => undefined },
    clock,
    newId: () => `run-${begun.length + 1}`,
    shutdownTimeoutMs: 0,
    run(request) {
      begun.push(request);
      return new Promise((resolve, reject) => {
        request.signal.addEventListener("abort", () => reject(request.signal.reason));
        held.settle = (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome));
      });
    },
    ...options,
  });
  const stopped = new AbortController();
  const call: Call = { signal: stopped.signal, log: silentLog };
  const ended = loop.run(call);
  await clock.advance(0);
  return {
    loop,
    clock,
    begun,
    async end(outcome = { report: completedReport() }) {
      held.settle(outcome);
      await clock.advance(0);
    },
    stop: () => stopped.abort(new Error("told to stop")),
    ended,
  };
}

class StuckError extends KubeferryError<"stuck"> {}

function away(): StorageError {
  const parts = { who: "s3", operation: "list backups/", problem: "no answer" };
  return new StorageError({ kind: "unavailable", ...parts });
}

describe("the loop", () => {
  it("runs at its start, and then by the interval, never later", async () => {
    const { clock, begun, end } = await heldLoop();
    expect(begun.map(({ trigger }) => trigger)).toEqual(["start"]);
    await end();
    await clock.advance(14 * MINUTE);
    expect(begun).toHaveLength(1);
    await clock.advance(MINUTE);
    expect(begun.map(({ trigger }) => trigger)).toEqual(["start", "interval"]);
  });

  it("makes one run of 200 calls in a second, and one more of those that come while it runs", async () => {
    const { loop, clock, begun, end } = await heldLoop();
    await end();
    for (let call = 0; call < 200; call++) {
      loop.onCall(eventOf(`crc.testing/c${call % 20}`));
      await clock.advance(5);
    }
    await clock.advance(10_000);
    expect(begun.map(({ trigger }) => trigger)).toEqual(["start", "call"]);
    for (let call = 0; call < 50; call++) loop.onCall(eventOf());
    await clock.advance(60_000);
    expect(begun).toHaveLength(2);
    await end();
    expect(begun.map(({ trigger }) => trigger)).toEqual(["start", "call", "call"]);
    const [second, first] = loop.document().runs;
    expect(first).toMatchObject({ calls: 200, clusters: Array.from({ length: 20 }, (_, at) => `crc.testing/c${at}`) });
    expect(second).toMatchObject({ calls: 50, clusters: ["crc.testing/wrl62"] });
  });

  it("waits no longer than a quiet period that was shortened meanwhile", async () => {
    const settings = { intervalMs: 15 * MINUTE, quietPeriodMs: 5 * MINUTE };
    const { loop, clock, begun, end } = await heldLoop({ current: () => settings });
    await end();
    loop.onCall(eventOf());
    settings.quietPeriodMs = 1_000;
    loop.onCall(eventOf());
    await clock.advance(1_000);
    expect(begun.map(({ trigger }) => trigger)).toEqual(["start", "call"]);
  });

  it("waits the quiet period from the first call, however many follow", async () => {
    const { loop, clock, begun, end } = await heldLoop();
    await end();
    for (let second = 0; second < 10; second++) {
      loop.onCall(eventOf());
      expect(begun).toHaveLength(1);
      await clock.advance(1_000);
    }
    expect(begun).toHaveLength(2);
  });

  it("goes on with the trace of the first call, and links the others", async () => {
    const { loop, clock, begun, end } = await heldLoop();
    await end();
    const [first, second] = [eventOf("a/one"), eventOf("a/two")];
    loop.onCall(first);
    loop.onCall(second);
    await clock.advance(10_000);
    expect(begun[1]).toMatchObject({ traceparent: first.traceparent, links: [second.traceparent] });
  });

  it("tries again, later each time, while the store is away, and keeps what the calls said", async () => {
    const { loop, clock, begun, end } = await heldLoop();
    await end();
    const event = eventOf();
    loop.onCall(event);
    await clock.advance(10_000);
    await end(away());
    expect(loop.document().next).toMatchObject({ trigger: "retry", calls: 1, dueAt: "2026-03-01T02:00:25.000Z" });
    await clock.advance(15_000);
    await end(away());
    await clock.advance(29_999);
    expect(begun).toHaveLength(3);
    await clock.advance(1);
    expect(begun.map(({ trigger }) => trigger)).toEqual(["start", "call", "retry", "retry"]);
    expect(begun[3]?.traceparent).toBe(event.traceparent);
    await end();
    expect(loop.document().next).toMatchObject({ trigger: "interval", calls: 0 });
    expect(loop.document().runs.map(({ status }) => status)).toEqual(["complete", "failed", "failed", "complete"]);
  });

  it("does not repeat what does not pass before the interval is over", async () => {
    const { loop, end } = await heldLoop();
    await end(new Error("a mistake"));
    expect(loop.document().next).toMatchObject({ trigger: "interval" });
    expect(loop.document().runs[0]).toMatchObject({ status: "failed", error: "a mistake" });
  });

  it("waits for the store before its first run, and is not ready until then", async () => {
    let answers = false;
    const snapshots = async () => (answers ? "one" : Promise.reject(away()));
    const { loop, clock, begun } = await heldLoop({ world: { snapshots, branches: async () => undefined } });
    await clock.advance(60_000);
    expect([begun.length, loop.hasLooked()]).toEqual([0, false]);
    answers = true;
    await clock.advance(120_000);
    expect([begun.length, loop.hasLooked()]).toEqual([1, true]);
  });

  it("is ready within a minute once a right was given that the store refused", async () => {
    const denied = new StorageError({ kind: "denied", who: "s3", operation: "list backups/", problem: "no right" });
    const store = { open: false };
    const snapshots = async () => (store.open ? "one" : Promise.reject(denied));
    const { loop, clock } = await heldLoop({ world: { snapshots, branches: async () => undefined } });
    store.open = true;
    await clock.advance(MINUTE);
    expect(loop.hasLooked()).toBe(true);
  });

  it.each(["no-snapshot", "damaged"] as const)(
    "is ready although a snapshot is %s, and its runs tell",
    async (kind) => {
      const problem = new GitOpsError({
        kind,
        who: "gitops",
        operation: "read a snapshot",
        problem: "it is not right",
      });
      const world = { snapshots: () => Promise.reject(problem), branches: async () => "main 1" };
      const { loop, clock, begun, end } = await heldLoop({ world });
      expect([loop.hasLooked(), begun.length]).toEqual([true, 1]);
      await end(problem);
      await clock.advance(15 * MINUTE);
      expect(begun).toHaveLength(2);
      expect(loop.document().runs[1]).toMatchObject({ status: "failed", error: problem.message });
    },
  );

  it("is not ready while the configuration does not fit the store", async () => {
    const problem = new GitOpsError({ kind: "config", who: "gitops", operation: "find", problem: "several clusters" });
    const world = { snapshots: () => Promise.reject(problem), branches: async () => "main 1" };
    const { loop, clock } = await heldLoop({ world });
    await clock.advance(10 * MINUTE);
    expect(loop.hasLooked()).toBe(false);
  });

  it("cuts a run off when it was told to go and the time is over", async () => {
    const { loop, stop, ended } = await heldLoop();
    stop();
    await ended;
    expect(loop.document().runs[0]).toMatchObject({ status: "interrupted", trigger: "start" });
  });

  it("ends with a run that does not, since no other may begin beside it", async () => {
    const { loop, begun, clock, end, ended } = await heldLoop();
    const stuck = new StuckError({ kind: "stuck", who: "gitops", operation: "run", problem: "it did not end" });
    const failed = expect(ended).rejects.toBe(stuck);
    loop.onCall(eventOf());
    await end(stuck);
    await failed;
    expect(loop.document().runs[0]).toMatchObject({ status: "failed", error: stuck.message });
    await clock.advance(60 * MINUTE);
    expect(begun).toHaveLength(1);
  });

  it("lets a run end that takes less time than there is", async () => {
    const { loop, end, stop, ended } = await heldLoop({ shutdownTimeoutMs: MINUTE });
    stop();
    await end();
    await ended;
    expect(loop.document().runs[0]).toMatchObject({ status: "complete" });
  });

  it("keeps the last 50 runs, the newest first", async () => {
    const { loop, clock, end } = await heldLoop();
    for (let run = 0; run < 60; run++) {
      await end();
      await clock.advance(15 * MINUTE);
    }
    const { runs } = loop.document();
    expect(runs).toHaveLength(50);
    expect([runs[0]?.id, runs[1]?.id, runs[49]?.id]).toEqual(["run-61", "run-60", "run-12"]);
  });
});

describe("an interval", () => {
  it("passes without a run once a run found nothing to do and nothing moved", async () => {
    const seen = { snapshots: "one", branches: "main 1" };
    const world = { snapshots: async () => seen.snapshots, branches: async () => seen.branches };
    const { loop, clock, begun, end } = await heldLoop({ world });
    seen.branches = "main 1, kubeferry/main 2"; // what the first run pushed
    await end();
    await clock.advance(15 * MINUTE);
    expect(begun).toHaveLength(2); // it pushed, so that another one looks whether that was all
    await end({ report: completedReport({ commit: "" }) });
    await clock.advance(15 * MINUTE);
    expect(begun).toHaveLength(2);
    expect(loop.document().runs[0]).toMatchObject({ status: "unchanged", trigger: "interval" });
    seen.branches = "main 3";
    await clock.advance(15 * MINUTE);
    expect(begun).toHaveLength(3);
  });

  it.each([
    ["a snapshot came while it ran", (seen: { snapshots: string }) => (seen.snapshots = "two"), {}],
    ["it was partial", () => undefined, { status: "partial" } as const],
  ])("makes a run of it when the one before ended and %s", async (_why, change, more) => {
    const seen = { snapshots: "one" };
    const world = { snapshots: async () => seen.snapshots, branches: async () => "main 1" };
    const { clock, begun, end } = await heldLoop({ world });
    change(seen);
    await end({ report: completedReport(more) });
    await clock.advance(15 * MINUTE);
    expect(begun).toHaveLength(2);
  });

  it("makes a run of it when the branch that the run before pushed is gone again", async () => {
    const seen = { branches: "main 1" };
    const world = { snapshots: async () => "one", branches: async () => seen.branches };
    const { clock, begun, end } = await heldLoop({ world });
    seen.branches = "main 1, kubeferry/main 2";
    await end();
    seen.branches = "main 1";
    await clock.advance(15 * MINUTE);
    expect(begun).toHaveLength(2);
  });

  it("makes a run of it when the world cannot be looked at, so that the failure is counted and told", async () => {
    const seen = { away: false };
    const world = {
      snapshots: async () => (seen.away ? Promise.reject(away()) : "one"),
      branches: async () => "main 1",
    };
    const { loop, clock, begun, end } = await heldLoop({ world });
    await end();
    seen.away = true;
    await clock.advance(15 * MINUTE);
    expect(begun).toHaveLength(2);
    await end(away());
    expect(loop.document()).toMatchObject({ runs: [{ status: "failed" }, {}], next: { trigger: "retry" } });
  });

  it("makes a run of it when the world does not answer, neither to its question nor to a signal", async () => {
    const seen = { hangs: false };
    const world = {
      snapshots: () => (seen.hangs ? new Promise<never>(() => undefined) : Promise.resolve("one")),
      branches: async () => "main 1",
    };
    const { clock, begun, end } = await heldLoop({ world });
    await end();
    seen.hangs = true;
    await clock.advance(15 * MINUTE);
    expect(begun).toHaveLength(1);
    await clock.advance(5 * MINUTE);
    expect(begun).toHaveLength(2);
  });

  it("makes a run of it all the same after an hour", async () => {
    const world = { snapshots: async () => "one", branches: async () => "main 1" };
    const { clock, begun, end } = await heldLoop({ world });
    await end();
    await clock.advance(45 * MINUTE);
    expect(begun).toHaveLength(1);
    await clock.advance(30 * MINUTE);
    expect(begun).toHaveLength(2);
  });
});
