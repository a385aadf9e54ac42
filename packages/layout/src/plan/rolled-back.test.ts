import { describe, expect, it } from "vitest";
import type { Ownership, RolledBack } from "../folders/ownership.ts";
import type { Source } from "../read/source.ts";
import { waitsAfterRollback } from "./rolled-back.ts";

const ORIGIN = { cluster: "crc.testing/wrl62", uid: "uid-of-live", series: "default" };
const ENVIRONMENTS = [{ name: "prod", source: "crc.testing/wrl62" }];

function ownership(rolledBack?: RolledBack): Ownership {
  const prod = rolledBack === undefined ? ORIGIN : { ...ORIGIN, rolledBack };
  return { format: 1, rules: "1", environments: { prod }, files: {} };
}

/** What is read of the cluster: the newest snapshot, unless a time is said. */
function source(sequence: number | undefined, more: Partial<Source> = {}): Source {
  return { id: "crc.testing/wrl62", origin: ORIGIN, sequence, at: undefined, ...more } as Source;
}

const waits = (there: Ownership | undefined, now: Source) =>
  waitsAfterRollback(there, { environments: ENVIRONMENTS, sources: [now] });

describe("a folder that was rolled back when 57 was the newest snapshot", () => {
  const there = ownership({ to: 42, newest: 57 });

  it("waits while 57 is the newest, which shows what was taken back", () => {
    expect(waits(there, source(57))).toBe(
      "environment prod was rolled back to snapshot 42 of crc.testing/wrl62; it is left as it is until there is a snapshot after number 57, which shows whether the cluster followed",
    );
  });

  it.each<[string, Source]>([
    ["there is a newer one", source(58)],
    ["somebody chooses a snapshot", source(57, { at: "2026-11-21T06:00:00Z" })],
    [
      "another series is read, whose numbers mean nothing here",
      source(3, { origin: { ...ORIGIN, series: "nightly" } }),
    ],
    ["files of another tool are read, which have no numbers", source(undefined)],
  ])("does not wait once %s", (_what, now) => {
    expect(waits(there, now)).toBeUndefined();
  });
});

it("a folder that was not rolled back waits for nothing", () => {
  expect(waits(ownership(), source(57))).toBeUndefined();
  expect(waits(undefined, source(57))).toBeUndefined();
});
