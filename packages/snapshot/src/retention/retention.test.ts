import type { RetentionPolicy } from "@kubeferry/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { periodName } from "./period.ts";
import { type DatedSnapshot, decideRetention } from "./retention.ts";

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** Snapshots numbered from 1, at these times; "?" behind a time marks a partial one. */
function snapshots(...times: string[]): DatedSnapshot[] {
  return times.map((time, index) => ({
    sequence: index + 1,
    finishedAt: time.replace("?", ""),
    complete: !time.endsWith("?"),
  }));
}

function kept(found: readonly DatedSnapshot[], policy: RetentionPolicy): Record<number, readonly string[]> {
  return Object.fromEntries(decideRetention(found, policy));
}

describe("retention", () => {
  it("keeps everything where nothing is configured, and nothing where there is nothing", () => {
    const found = snapshots("2026-11-20T05:00:00Z", "2026-11-21T05:00:00Z");
    expect(kept(found, {})).toEqual({
      1: ["nothing is configured to go"],
      2: ["newest", "newest complete", "nothing is configured to go"],
    });
    expect(kept([], { keepLast: 3 })).toEqual({});
  });

  it("keeps the newest and the newest complete one even where no count asks for any", () => {
    const found = snapshots("2026-11-19T05:00:00Z", "2026-11-20T05:00:00Z", "2026-11-21T05:00:00Z?");
    expect(kept(found, { keepLast: 0 })).toEqual({ 2: ["newest complete"], 3: ["newest"] });
  });

  it("keeps the last so many by number, whatever their clocks said", () => {
    const found = snapshots("2031-01-01T00:00:00Z", "2026-11-20T05:00:00Z", "2026-11-21T05:00:00Z");
    expect(kept(found, { keepLast: 2 })).toEqual({
      2: ["keepLast 2"],
      3: ["newest", "newest complete", "keepLast 2"],
    });
  });

  it("does not let one run whose clock was years ahead make the others look old", () => {
    const found = snapshots("2026-10-01T05:00:00Z", "2026-11-20T05:00:00Z", "2099-01-01T00:00:00Z");
    const stays = decideRetention(found, { withinMs: 30 * DAY_MS }, new Date("2026-11-21T06:00:00Z"));
    expect(Object.fromEntries(stays)).toEqual({
      2: ["within 30d"],
      3: ["newest", "newest complete", "within 30d"],
    });
  });

  it("keeps one of each of the last days, weeks and months that have any, in UTC", () => {
    const found = snapshots(
      "2026-09-30T23:59:59Z",
      "2026-10-31T12:00:00Z",
      "2026-11-15T23:59:59Z",
      "2026-11-16T00:00:00Z",
      "2026-11-20T01:00:00Z",
      "2026-11-20T23:00:00Z",
    );
    expect(kept(found, { daily: 2, weekly: 2, monthly: 2 })).toEqual({
      2: ["monthly 2026-10"],
      3: ["weekly 2026-W46"],
      4: ["daily 2026-11-16"],
      6: ["newest", "newest complete", "daily 2026-11-20", "weekly 2026-W47", "monthly 2026-11"],
    });
  });

  it("keeps the complete one of a day rather than a later partial one, and a partial one where there is no other", () => {
    const found = snapshots(
      "2026-11-19T01:00:00Z?",
      "2026-11-19T02:00:00Z?",
      "2026-11-20T01:00:00Z",
      "2026-11-20T02:00:00Z?",
      "2026-11-21T01:00:00Z",
    );
    expect(kept(found, { daily: 3 })).toEqual({
      2: ["daily 2026-11-19"],
      3: ["daily 2026-11-20"],
      5: ["newest", "newest complete", "daily 2026-11-21"],
    });
  });

  it("counts `within` back from the end of the newest one, its first moment included", () => {
    const found = snapshots(
      "2026-11-19T04:59:59Z",
      "2026-11-19T05:00:00Z",
      "2026-11-20T23:00:00Z",
      "2026-11-21T05:00:00Z",
    );
    expect(kept(found, { withinMs: 2 * DAY_MS })).toEqual({
      2: ["within 2d"],
      3: ["within 2d"],
      4: ["newest", "newest complete", "within 2d"],
    });
    expect(kept(found, { withinMs: 6 * HOUR_MS })).toMatchObject({ 3: ["within 6h"] });
  });

  it.each([
    ["2026-01-01T00:00:00Z", "2026-W01"],
    ["2027-01-03T23:59:59Z", "2026-W53"],
    ["2027-01-04T00:00:00Z", "2027-W01"],
    ["2024-12-30T00:00:00Z", "2025-W01"],
  ])("puts %s into the ISO week %s", (time, week) => {
    expect(periodName("weekly", new Date(time))).toBe(week);
  });
});

const start = Date.parse("2026-01-01T00:00:00Z");
const count = fc.integer({ min: 0, max: 6 });
const policies: fc.Arbitrary<RetentionPolicy> = fc.record(
  {
    keepLast: count,
    hourly: count,
    daily: count,
    weekly: count,
    monthly: count,
    withinMs: fc.nat({ max: 40 * DAY_MS }),
  },
  { requiredKeys: [] },
);
/** In order as runs make them, with clocks that jump now and then. */
const histories = fc
  .array(fc.record({ gapMs: fc.integer({ min: -3 * DAY_MS, max: 10 * DAY_MS }), complete: fc.boolean() }), {
    maxLength: 60,
  })
  .map((runs) => {
    let atMs = start;
    return runs.map(({ gapMs, complete }, index): DatedSnapshot => {
      atMs += gapMs;
      return { sequence: index + 1, finishedAt: new Date(atMs).toISOString(), complete };
    });
  });

describe("for any history and policy, retention", () => {
  it("keeps the newest, the newest complete, and as many as each count asks for where there are so many", () => {
    fc.assert(
      fc.property(histories, policies, (history, policy) => {
        const stays = decideRetention(history, policy);
        const names = (period: "hourly" | "daily" | "weekly" | "monthly", of: readonly DatedSnapshot[]) =>
          new Set(of.map(({ finishedAt }) => periodName(period, new Date(finishedAt))));
        const left = history.filter(({ sequence }) => stays.has(sequence));
        expect(left.at(-1)).toEqual(history.at(-1));
        expect(left.findLast(({ complete }) => complete)).toEqual(history.findLast(({ complete }) => complete));
        expect(left.length).toBeGreaterThanOrEqual(Math.min(policy.keepLast ?? 0, history.length));
        for (const period of ["hourly", "daily", "weekly", "monthly"] as const) {
          const all = names(period, history);
          expect(names(period, left).size).toBeGreaterThanOrEqual(Math.min(policy[period] ?? 0, all.size));
        }
      }),
    );
  });

  it("never keeps less for another count, or a higher one", () => {
    fc.assert(
      fc.property(histories, policies, policies, (history, policy, more) => {
        fc.pre(Object.keys(policy).length > 0);
        const keys = ["keepLast", "hourly", "daily", "weekly", "monthly", "withinMs"] as const;
        const wider = Object.fromEntries(
          keys.flatMap((key) => {
            const value = Math.max(policy[key] ?? -1, more[key] ?? -1);
            return value < 0 ? [] : [[key, value]];
          }),
        );
        const stays = decideRetention(history, wider);
        for (const sequence of decideRetention(history, policy).keys()) expect(stays.has(sequence)).toBe(true);
      }),
    );
  });

  it("asked again about what it kept, keeps all of it", () => {
    fc.assert(
      fc.property(histories, policies, (history, policy) => {
        const stays = decideRetention(history, policy);
        const left = history.filter(({ sequence }) => stays.has(sequence));
        expect([...decideRetention(left, policy).keys()].sort()).toEqual(left.map(({ sequence }) => sequence).sort());
      }),
    );
  });
});
