import { describe, expect, it } from "vitest";
import { resultsOf, suiteOf } from "../testing/results.ts";
import { placeText, tablesOf } from "./report.ts";
import { verdictsOf } from "./results.ts";

describe("the report", () => {
  it("shows each subject's median with its range, and each claim's verdict", () => {
    const samples = [
      { wallMs: 100, cpuMs: 50, peakRssBytes: 2 ** 20, counts: { objects: 3, "bytes written": 4 } },
      { wallMs: 12_000, cpuMs: 40, peakRssBytes: 2 ** 21 },
      { wallMs: 300, cpuMs: 60, peakRssBytes: 3 * 2 ** 20 },
    ];
    const suite = {
      ...suiteOf("backup", [{ what: "run ≤ 1 × list", ratios: [2] }]),
      measured: [{ name: "run", samples }],
    };
    expect(tablesOf(suite, verdictsOf(resultsOf(suite), { inCi: false }))).toBe(`## backup

About backup.

|  | wall | processor | peak RSS | counts |
| --- | --- | --- | --- | --- |
| run | 300 ms (100 ms–12.0 s) | 50 ms (40 ms–60 ms) | 2 MiB (1 MiB–3 MiB) | objects 3, bytes written 4 |

| claim | median | spread | wanted |  |
| --- | --- | --- | --- | --- |
| run ≤ 1 × list | 2.00 | 2.00–2.00 | ≤ 1.00 | **does not hold** |
`);
  });

  it("leaves out a table of no claims", () => {
    expect(tablesOf({ ...suiteOf("peers", []) }, [])).not.toContain("claim");
  });

  it("says where and when", () => {
    expect(placeText(resultsOf(suiteOf("a", []), suiteOf("b", [])))).toBe(
      "10,000 objects; 2 × Some CPU, linux x64; node v24.0.0, minio v1; 2026-03-01; load 0.5 to 2.0",
    );
  });
});
