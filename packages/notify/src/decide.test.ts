import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DecideSettings, decide, withoutTelling } from "./decide.ts";
import { NO_NEWS, type SubjectMemory } from "./memory/subject-memory.ts";
import type { Notification } from "./notification.ts";

const HOUR = 3_600_000;
const START = Date.parse("2026-03-01T02:00:00Z");
const USUAL = ["failure", "partial", "drift", "recovered"] as const;

const settings: DecideSettings = {
  channels: {
    ops: { on: USUAL, escalation: false },
    log: { on: ["success", "failure"], escalation: false },
    boss: { on: USUAL, escalation: true },
  },
  escalateAfter: 3,
  repeatAfterMs: 24 * HOUR,
};

type News = Pick<Notification, "outcome" | "sameAs">;

const good: News = { outcome: "success", sameAs: "" };
const noStore: News = { outcome: "failure", sameAs: "StorageError unavailable" };
const noApi: News = { outcome: "failure", sameAs: "KubeError unavailable" };
const partial: News = { outcome: "partial", sameAs: "unread secrets" };

/** Runs at these hours, and what each was told: "ops failure, boss escalated". */
function told(runs: readonly (readonly [hour: number, news: News])[]): readonly string[] {
  const state: { memory: SubjectMemory } = { memory: NO_NEWS };
  return runs.map(([hour, news]) => {
    const { tell, memory } = decide(state.memory, news, settings, new Date(START + hour * HOUR));
    state.memory = memory;
    return tell.map(({ channel, event }) => `${channel} ${event}`).join(", ");
  });
}

describe("who is told", () => {
  it("may be called as every object's constructor is", () => {
    const named = { ...settings, channels: { constructor: { on: USUAL, escalation: false } } };
    const { tell, memory } = decide(NO_NEWS, noStore, named, new Date(START));
    expect(tell).toEqual([{ channel: "constructor", event: "failure" }]);
    expect(withoutTelling(NO_NEWS, memory, ["constructor"]).told).toEqual({});
  });

  it("tells a good run only where good runs are asked for", () => {
    expect(
      told([
        [0, good],
        [1, good],
      ]),
    ).toEqual(["log success", "log success"]);
  });

  it("tells bad news once, and again after repeatAfter", () => {
    expect(
      told([
        [0, partial],
        [6, partial],
        [23.9, partial],
        [24, partial],
        [30, partial],
      ]),
    ).toEqual(["ops partial", "", "", "ops partial", ""]);
  });

  it("tells a change of the bad news at once, and neither of two that take turns more often", () => {
    expect(
      told([
        [0, partial],
        [1, noStore],
        [2, partial],
        [3, noStore],
      ]),
    ).toEqual(["ops partial", "ops failure, log failure", "", ""]);
  });

  it("tells the recovery once, where bad news were told and it is asked for", () => {
    expect(
      told([
        [0, partial],
        [1, good],
        [2, good],
      ]),
    ).toEqual(["ops partial", "ops recovered, log success", "log success"]);
  });

  it("tells the same bad news again after a recovery", () => {
    expect(
      told([
        [0, partial],
        [1, good],
        [2, partial],
      ])[2],
    ).toBe("ops partial");
  });

  it("escalates the third failure in a row, once, whatever fails, and tells the end of it", () => {
    expect(
      told([
        [0, noStore],
        [1, noApi],
        [2, noStore],
        [3, noApi],
        [50, noApi],
        [51, good],
        [52, good],
      ]),
    ).toEqual([
      "ops failure, log failure",
      "ops failure, log failure",
      "boss escalated",
      "",
      "ops failure, log failure",
      "ops recovered, log success, boss recovered",
      "log success",
    ]);
  });

  it("a run that was done with failures ends the row, and is no recovery", () => {
    expect(
      told([
        [0, noStore],
        [1, noStore],
        [2, partial],
        [3, noStore],
        [4, noStore],
        [5, noStore],
      ]),
    ).toEqual(["ops failure, log failure", "", "ops partial", "", "", "boss escalated"]);
  });

  it("says how many failures there were and since when, of a recovery too", () => {
    const first = decide(NO_NEWS, noStore, settings, new Date(START));
    const second = decide(first.memory, noApi, settings, new Date(START + HOUR));
    expect(second).toMatchObject({ failuresInARow: 2, failingSince: "2026-03-01T02:00:00.000Z" });
    const end = decide(second.memory, good, settings, new Date(START + 2 * HOUR));
    expect(end).toMatchObject({ failuresInARow: 2, failingSince: "2026-03-01T02:00:00.000Z", memory: NO_NEWS });
  });

  it("tells again what did not arrive, be it news, an escalation or a recovery", () => {
    const first = decide(NO_NEWS, noStore, { ...settings, escalateAfter: 1 }, new Date(START));
    expect(first.tell).toHaveLength(3);
    const missed = withoutTelling(NO_NEWS, first.memory, ["ops", "boss"]);
    const second = decide(missed, noStore, { ...settings, escalateAfter: 1 }, new Date(START + HOUR));
    expect(second.tell).toEqual([
      { channel: "ops", event: "failure" },
      { channel: "boss", event: "escalated" },
    ]);
    const end = decide(second.memory, good, settings, new Date(START + 2 * HOUR));
    const unheard = withoutTelling(second.memory, end.memory, ["ops", "boss"]);
    expect(decide(unheard, good, settings, new Date(START + 3 * HOUR)).tell).toEqual([
      { channel: "ops", event: "recovered" },
      { channel: "log", event: "success" },
      { channel: "boss", event: "recovered" },
    ]);
  });

  it("forgets channels that are gone, and remembers no text of the news", () => {
    const { memory } = decide(NO_NEWS, noStore, settings, new Date(START));
    expect(JSON.stringify(memory)).not.toContain("StorageError");
    const fewer = { ...settings, channels: { log: settings.channels.log as DecideSettings["channels"][string] } };
    expect(Object.keys(decide(memory, noStore, fewer, new Date(START)).memory.told)).toEqual(["log"]);
  });

  it("believes no time that is yet to come", () => {
    const { memory } = decide(NO_NEWS, partial, settings, new Date(START + 1000 * HOUR));
    expect(decide(memory, partial, settings, new Date(START)).tell).toEqual([{ channel: "ops", event: "partial" }]);
  });
});

const anyNews = fc.oneof(
  fc.constant(good),
  fc.record({
    outcome: fc.constantFrom("failure" as const, "partial" as const, "drift" as const),
    sameAs: fc.constantFrom("a", "b", "c"),
  }),
);
const anyRuns = fc.array(fc.tuple(fc.integer({ min: 1, max: 20 * HOUR }), anyNews), { maxLength: 60 });

interface Run {
  readonly news: News;
  readonly at: number;
  readonly tell: ReadonlyMap<string, string>;
}

function runsOf(steps: readonly (readonly [gapMs: number, news: News])[]): readonly Run[] {
  const state = { memory: NO_NEWS, at: START };
  return steps.map(([gapMs, news]) => {
    state.at += gapMs;
    const { tell, memory } = decide(state.memory, news, settings, new Date(state.at));
    state.memory = memory;
    return { news, at: state.at, tell: new Map(tell.map(({ channel, event }) => [channel, event])) };
  });
}

describe("whatever happens", () => {
  it("no channel hears the same bad news twice within repeatAfter, unless a good run lies between", () => {
    fc.assert(
      fc.property(anyRuns, (steps) => {
        const last = new Map<string, number>();
        for (const { news, at, tell } of runsOf(steps)) {
          if (news.outcome === "success") last.clear();
          else if (tell.has("ops")) {
            const key = `${news.outcome} ${news.sameAs}`;
            expect(at - (last.get(key) ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(settings.repeatAfterMs);
            last.set(key, at);
          }
        }
      }),
    );
  });

  it("a recovery is told exactly when bad news were told since the last good run", () => {
    fc.assert(
      fc.property(anyRuns, (steps) => {
        const bad = { ops: false, boss: false };
        for (const { news, tell } of runsOf(steps)) {
          for (const channel of ["ops", "boss"] as const) {
            expect(tell.get(channel) === "recovered").toBe(news.outcome === "success" && bad[channel]);
            bad[channel] = news.outcome !== "success" && (bad[channel] || tell.has(channel));
          }
        }
      }),
    );
  });

  it("a row of failures escalates once, at the third of them, and nothing else does", () => {
    fc.assert(
      fc.property(anyRuns, (steps) => {
        const row = { length: 0 };
        for (const { news, tell } of runsOf(steps)) {
          row.length = news.outcome === "failure" ? row.length + 1 : 0;
          expect(tell.get("boss") === "escalated").toBe(row.length === settings.escalateAfter);
        }
      }),
    );
  });
});
