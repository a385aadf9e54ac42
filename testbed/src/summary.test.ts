import { describe, expect, it } from "vitest";
import { summaryLines } from "./summary.ts";

describe("the lines of a summary", () => {
  const used = [
    { name: "etcd", version: "v3.7.3", source: "cache", path: "/c/etcd" },
    { name: "kubectl", version: "v1.35.4", source: "PATH", path: "/usr/bin/kubectl" },
  ];

  it("say where a program came from that is not the pinned one", () => {
    expect(summaryLines({ failed: [], skipped: [], used, filtered: false, missing: false })).toEqual([
      "",
      "Real servers and programs in this run:",
      "  etcd v3.7.3",
      "  kubectl from PATH: /usr/bin/kubectl (pinned: v1.35.4)",
    ]);
  });

  it("count, and do not list, what a name filter left out", () => {
    const skipped = [
      { file: "a.test.ts", name: "a", reason: undefined },
      { file: "a.test.ts", name: "b", reason: "set SOAK=1" },
    ];
    expect(summaryLines({ failed: [], skipped, used: [], filtered: true, missing: false })).toEqual([
      "",
      "Skipped, 1 in all:",
      "  set SOAK=1 (1)",
      "    a.test.ts > b",
      "1 do not match the name filter",
      "Real servers in this run: none",
    ]);
  });

  it("name skipped tests that nobody gave a reason for", () => {
    const skipped = [{ file: "a.test.ts", name: "a", reason: undefined }];
    expect(summaryLines({ failed: [], skipped, used: [], filtered: false, missing: false })[2]).toContain(
      "no reason given",
    );
  });
});
