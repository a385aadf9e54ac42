import { silentLog } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { parseMoment, snapshotAt } from "./moment.ts";
import { SnapshotError } from "./snapshot-error.ts";
import type { Snapshot, SnapshotSeries } from "./snapshots.ts";

const now = new Date("2026-11-21T12:00:00Z");
const call = { signal: new AbortController().signal, log: silentLog };

describe("parseMoment", () => {
  it.each([
    ["latest", { by: "place", back: 0 }],
    ["latest~3", { by: "place", back: 3 }],
    ["42", { by: "sequence", sequence: 42 }],
    ["#42", { by: "sequence", sequence: 42 }],
    ["-2h", { by: "time", until: new Date("2026-11-21T10:00:00Z") }],
    ["-7d", { by: "time", until: new Date("2026-11-14T12:00:00Z") }],
    ["2026-11-20T06:00:00+02:00", { by: "time", until: new Date("2026-11-20T04:00:00Z") }],
    ["2026-11-20", { by: "time", until: new Date("2026-11-20T00:00:00Z") }],
  ])("reads %s", (text, moment) => {
    expect(parseMoment(text, now)).toEqual(moment);
  });

  it.each(["", "live", "latest~", "last", "-2", "2h", "2026-11-20T06:00", "2026-13-01", "main"])(
    "leaves %j to others: it names no moment, or a time without its zone",
    (text) => {
      expect(parseMoment(text, now)).toBeUndefined();
    },
  );
});

describe("snapshotAt", () => {
  // By the clock of whoever ran it the third ended before the second.
  const finished: Readonly<Record<number, string>> = { 3: "2026-11-21T06:00:00Z", 4: "2026-11-21T08:00:00Z" };
  const series = seriesOf({ ...finished, 5: "2026-11-21T07:00:00Z", 7: "2026-11-21T11:00:00Z" });

  it.each([
    ["latest", 7],
    ["latest~1", 5],
    ["#4", 4],
    ["2026-11-21T07:30:00Z", 5],
    ["2026-11-21T08:00:00Z", 5],
    ["2026-11-21T06:59:59Z", 3],
  ])("finds that of %s", async (text, sequence) => {
    const moment = parseMoment(text, now) ?? { by: "place", back: 99 };
    expect((await snapshotAt(series, moment, call)).manifest.sequence).toBe(sequence);
  });

  it("passes over one that was pruned while it looked", async () => {
    const pruned = { ...series, at: async (sequence: number) => (sequence === 5 ? gone() : series.at(sequence, call)) };
    const found = await snapshotAt(pruned, { by: "time", until: new Date("2026-11-21T09:00:00Z") }, call);
    expect(found.manifest.sequence).toBe(4);
  });

  it.each([
    ["latest~9", "read latest~9: not-found: the series holds 4"],
    ["2026-11-20", "read the snapshot of 2026-11-20T00:00:00.000Z: not-found: the series holds none"],
    ["#6", "not-found"],
  ])("says that there is none of %s", async (text, message) => {
    const moment = parseMoment(text, now) ?? { by: "place", back: 0 };
    await expect(snapshotAt(series, moment, call)).rejects.toThrow(message);
  });

  it("says that a series without snapshots has none", async () => {
    await expect(snapshotAt(seriesOf({}), { by: "place", back: 0 }, call)).rejects.toThrow("the series holds none");
  });
});

function seriesOf(finished: Readonly<Record<number, string>>): SnapshotSeries {
  const snapshot = (sequence: number) =>
    ({ manifest: { sequence, finishedAt: finished[sequence] } }) as unknown as Snapshot;
  const sequences = Object.keys(finished).map(Number);
  return {
    newest: async () => (sequences.length === 0 ? undefined : snapshot(sequences.at(-1) ?? 0)),
    at: async (sequence) => (sequences.includes(sequence) ? snapshot(sequence) : gone()),
    async *list() {
      for (const sequence of sequences) yield { sequence, key: "", sizeBytes: 0, modifiedAt: now };
    },
  };
}

function gone(): never {
  throw new SnapshotError({ kind: "not-found", who: "snapshot", operation: "read", problem: "it was pruned" });
}
