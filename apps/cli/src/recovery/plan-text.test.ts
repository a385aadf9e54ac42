import { objectKey } from "@kubeferry/model";
import type { PlanEntry, RestorePlan } from "@kubeferry/recovery";
import { RESTORE_EVERYTHING } from "@kubeferry/test-fleet";
import { describe, expect, it } from "vitest";
import { planText } from "./plan-text.ts";

function entry(name: string, parts: Partial<PlanEntry>): PlanEntry {
  return {
    object: { group: "", version: "v1", resource: "configmaps", kind: "ConfigMap", namespace: "shop", name },
    from: objectKey("shop", name),
    action: "create",
    wave: "configuration",
    depth: 0,
    changes: [],
    checked: "dry-run",
    ...parts,
  };
}

function plan(entries: readonly PlanEntry[], warnings: readonly string[] = []): RestorePlan {
  return {
    format: 1,
    toolVersion: "0.1.0",
    createdAt: "2026-11-20T07:00:00.000Z",
    source: {
      cluster: "crc.testing/wrl62",
      uid: "u-1",
      series: "default",
      sequence: 42,
      sha256: "a".repeat(64),
      finishedAt: "2026-11-20T06:00:05.000Z",
    },
    target: { uid: "u-2", description: "https://127.0.0.1:6443 (context b)" },
    settings: RESTORE_EVERYTHING,
    entries,
    leftOut: [
      { object: "nodes a", reason: "machines register themselves" },
      { object: "nodes b", reason: "machines register themselves" },
    ],
    warnings,
  };
}

describe("a plan for people", () => {
  it("has one line for each object, whatever its name", () => {
    const named = planText(plan([entry("two\nlines", { reason: "a\nb" })]), { all: true });
    expect(named.split("\n")).toContain("  + create configmaps shop/two\\u000alines: a\\u000ab");
  });

  it("begins with how many of what, and what to read first; what stays is a number", () => {
    const changes = [
      { path: "/data/a", kind: "changed", before: "1", after: 9_007_199_254_740_993n },
      { path: "/data/password", kind: "changed", hidden: true },
      { path: "/data/new", kind: "added", after: "x".repeat(100) },
    ] as const;
    const entries = [
      entry("later", { checked: "later" }),
      entry("changed", { action: "update", changes, reason: "worth knowing" }),
      entry("same", { action: "unchanged" }),
      entry("held", {
        action: "blocked",
        obstacle: "withheld",
        reason: "value not in this backup",
        checked: "not-needed",
      }),
    ];
    expect(planText(plan(entries, ["1 claim will be empty"]), { all: false })).toBe(
      [
        "Restore of crc.testing/wrl62, snapshot 42 (default) of 2026-11-20T06:00:05.000Z",
        "  into https://127.0.0.1:6443 (context b): another cluster",
        "  1 create, 1 update, 1 unchanged, 1 blocked; what differs: update",
        "  * 1 cannot be checked yet: an earlier wave brings their type or namespace",
        "",
        "Read this first",
        "  1 claim will be empty",
        "",
        "Blocked: 1 object",
        "  ! blocked configmaps shop/held: value not in this backup",
        "",
        "Wave configuration: 2 objects, and 1 unchanged",
        "  + create configmaps shop/later *",
        "  ~ update configmaps shop/changed: worth knowing",
        '      /data/a: "1" -> 9007199254740993',
        "      /data/password: changed, value not shown",
        `      /data/new: (nothing) -> "${"x".repeat(59)}…`,
        "",
        "Left out: 2 objects that are no matter of a restore",
        "  2 objects: machines register themselves",
      ].join("\n"),
    );
  });

  it("is cut where nobody would read on, unless all of it is asked for", () => {
    const many = plan(Array.from({ length: 50 }, (_, index) => entry(`c-${index}`, {})));
    expect(planText(many, { all: false })).toContain("  … 10 more objects: --all shows them");
    const whole = planText(many, { all: true });
    expect(whole).toContain("configmaps shop/c-49");
    expect(whole).toContain("nodes b: machines register themselves");
  });
});
