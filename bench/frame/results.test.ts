import { describe, expect, it } from "vitest";
import { resultsOf, suiteOf } from "../testing/results.ts";
import { summaryOf } from "./report.ts";
import { together, verdictsOf } from "./results.ts";

const SLOW = { what: "slow ≤ 1", ratios: [3, 2, 0.5], wanted: { atMost: 1 }, inCi: { atMost: 2.5 } };

describe("the verdict on a claim", () => {
  it("holds the median of its rounds against what is wanted, and in CI against its margin", () => {
    const results = resultsOf(suiteOf("start", [SLOW]));
    const verdict = (inCi: boolean) => verdictsOf(results, { inCi }).map((each) => each);
    expect(verdict(false)).toEqual([
      { ...SLOW, suite: "start", median: 2, bound: { atMost: 1 }, verdict: "does not hold" },
    ]);
    expect(verdict(true)).toMatchObject([{ bound: { atMost: 2.5 }, verdict: "holds" }]);
  });

  it("is none in CI for a claim without a margin", () => {
    const { inCi: _, ...withoutMargin } = SLOW;
    expect(verdictsOf(resultsOf(suiteOf("start", [withoutMargin])), { inCi: true })).toMatchObject([
      { verdict: "not asked" },
    ]);
  });

  it("is none for a claim that is meant for another number of objects, whose margin is held all the same", () => {
    const results = resultsOf(suiteOf("start", [{ ...SLOW, objects: [100_000] }]));
    expect(verdictsOf(results, { inCi: false })).toMatchObject([{ verdict: "not asked" }]);
    expect(verdictsOf(results, { inCi: true })).toMatchObject([{ verdict: "holds" }]);
  });

  it("is told in a line each, what does not hold last, and counted", () => {
    const claims = [SLOW, { what: "fast ≤ 1", ratios: [0.5] }, { what: "elsewhere", objects: [5] }];
    expect(summaryOf(verdictsOf(resultsOf(suiteOf("start", claims)), { inCi: false }))).toBe(
      [
        "not asked      start: elsewhere: 1.00 (1.00–1.00), ≤ 1.00",
        "holds          start: fast ≤ 1: 0.50 (0.50–0.50), ≤ 1.00",
        "does not hold  start: slow ≤ 1: 2.00 (0.50–3.00), ≤ 1.00",
        "claims: 1 does not hold, 1 holds, 1 not asked",
      ].join("\n"),
    );
  });
});

describe("results that are kept", () => {
  const names = ["a", "b", "c"];

  it("take in the suites that were measured again, in the order of the report", () => {
    const earlier = resultsOf(suiteOf("a", [{ what: "old" }]), suiteOf("c", [{ what: "kept" }]));
    const later = { ...resultsOf(suiteOf("a", [{ what: "new" }]), suiteOf("b", [])), servers: { gitea: "v2" } };
    const all = together(earlier, later, names);
    expect(all.suites.map(({ name }) => name)).toEqual(names);
    expect(all.suites.flatMap(({ judged }) => judged.map(({ what }) => what))).toEqual(["new", "kept"]);
    expect(all.servers).toEqual({ minio: "v1", gitea: "v2" });
  });

  it.each([
    ["another machine", { machine: { cpus: 4, model: "Other", platform: "linux x64", node: "v24.0.0" } }],
    ["another number of objects", { objects: 2_000 }],
  ])("refuse those of %s", (_what, other) => {
    expect(() => together({ ...resultsOf(), ...other }, resultsOf(), names)).toThrow("name another one, or remove it");
  });
});
