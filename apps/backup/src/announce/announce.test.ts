import type { BackupCompleted } from "@kubeferry/announce";
import type { BackupReport, Call, LogFields } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { announce } from "./announce.ts";
import type { Announcer } from "./announcer.ts";

const REPORT = {
  stage: "backup",
  status: "partial",
  snapshot: "crc.testing/wrl62/_snapshots/default/0000000042.json",
  sequence: 42,
  cluster: "crc.testing/wrl62",
  series: "default",
  runId: "run-1",
  objects: 7,
  changed: 2,
  removed: 1,
} as BackupReport;

function announcerThat(tell: Announcer["tell"]): Announcer {
  const target = "https://ferry/v1/backup-complete";
  return { via: "webhook", target, tell, check: async () => "taken", close: async () => undefined };
}

/** A call whose lines are kept. */
function recorded(): { readonly call: Call; readonly lines: readonly [string, LogFields | undefined][] } {
  const lines: [string, LogFields | undefined][] = [];
  const keep = (level: string) => (_: string, fields?: LogFields) => void lines.push([level, fields]);
  const log = { debug: keep("debug"), info: keep("info"), warn: keep("warn"), error: keep("error") };
  return { call: { signal: new AbortController().signal, log }, lines };
}

const now = () => new Date("2026-03-01T02:00:07Z");

describe("announcing a snapshot", () => {
  it("says what was committed, gaps included", async () => {
    const said: BackupCompleted[] = [];
    const announcer = announcerThat(async (completed) => {
      said.push(completed);
      return { outcome: "told", target: "https://ferry/v1/backup-complete" };
    });
    const { call, lines } = recorded();
    const told = await announce(REPORT, { announcer, now }, call);
    expect(said).toEqual([
      {
        format: 1,
        cluster: "crc.testing/wrl62",
        series: "default",
        snapshot: "crc.testing/wrl62/_snapshots/default/0000000042.json",
        sequence: 42,
        status: "partial",
        runId: "run-1",
        finishedAt: "2026-03-01T02:00:07.000Z",
        objects: 7,
        changed: 2,
        removed: 1,
      },
    ]);
    expect(told).toEqual({ via: "webhook", outcome: "told", target: "https://ferry/v1/backup-complete" });
    expect(lines.map(([level, fields]) => [level, fields?.operation])).toEqual([["info", "announce"]]);
  });

  it("says nothing of what failed, was found or was warned of: errors of others may hold what is secret", async () => {
    const report = {
      ...REPORT,
      failures: [{ target: "configmaps/shop/a", kind: "denied", message: "planted" }],
      unread: [
        { resource: "secrets", reason: "403 planted", sinceSequence: 1, carried: 0, accepted: false, namespace: "" },
      ],
      warnings: ["planted"],
      findings: { objects: 1, found: [{ object: "configmaps/planted", field: "/data/planted", rule: "planted" }] },
    } as unknown as BackupReport;
    const said: BackupCompleted[] = [];
    const announcer = announcerThat(async (completed) => {
      said.push(completed);
      return { outcome: "told", target: "https://ferry/v1/backup-complete" };
    });
    await announce(report, { announcer, now }, recorded().call);
    expect(said).toHaveLength(1);
    expect(JSON.stringify(said)).not.toContain("planted");
  });

  it("that reaches nobody is one warning and a line in the report", async () => {
    const announcer = announcerThat(async () => {
      throw new Error("no answer");
    });
    const { call, lines } = recorded();
    expect(await announce(REPORT, { announcer, now }, call)).toEqual({
      via: "webhook",
      outcome: "failed",
      target: "https://ferry/v1/backup-complete",
      error: "no answer",
    });
    expect(lines.map(([level, fields]) => [level, fields?.operation])).toEqual([["warn", "announce"]]);
  });

  it("is not done where nobody is to be told, or nothing was committed", async () => {
    const announcer = announcerThat(() => Promise.reject(new Error("was told")));
    expect(await announce(REPORT, { now }, recorded().call)).toBeNull();
    expect(
      await announce({ ...REPORT, status: "failed", snapshot: "" }, { announcer, now }, recorded().call),
    ).toBeNull();
  });
});
