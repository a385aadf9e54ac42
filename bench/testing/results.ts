// Results for the tests of the frame.
import type { Judged } from "../frame/measure.ts";
import type { Results, SuiteResult } from "../frame/results.ts";

/** A suite with these claims, each of them made of what a test is about. */
export function suiteOf(name: string, claims: readonly (Partial<Judged> & Pick<Judged, "what">)[]): SuiteResult {
  return {
    name,
    about: `About ${name}.`,
    date: "2026-03-01",
    loads: [0.5, 2],
    measured: [],
    judged: claims.map((claim) => ({ wanted: { atMost: 1 }, ratios: [1], ...claim })),
  };
}

/** Ten thousand objects on a machine of two processors. */
export function resultsOf(...suites: readonly SuiteResult[]): Results {
  const machine = { cpus: 2, model: "Some CPU", platform: "linux x64", node: "v24.0.0" };
  return { machine, servers: { minio: "v1" }, objects: 10_000, suites };
}
