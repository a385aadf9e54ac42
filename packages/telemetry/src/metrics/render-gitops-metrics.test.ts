import { describe, expect, it } from "vitest";
import { addGitOpsCounters, countGitOpsRun, NO_GITOPS_RUNS } from "./count-gitops-run.ts";
import { renderGitOpsMetrics } from "./gitops-samples.ts";

const REPOSITORY = "git.example.com/acme/fleet.git";
const LABEL = `repository="${REPOSITORY}"`;

async function linesOf(...asked: Parameters<typeof renderGitOpsMetrics>): Promise<string[]> {
  return (await renderGitOpsMetrics(...asked)).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

describe("metrics of stage 2 as Prometheus reads them", () => {
  it("count runs by how they ended, with those of earlier processes, and every way from the beginning", async () => {
    const before = countGitOpsRun(NO_GITOPS_RUNS, "complete", 2_000);
    const own = countGitOpsRun(NO_GITOPS_RUNS, "failed", 40_000);
    const lines = await linesOf([{ repository: REPOSITORY, counters: addGitOpsCounters(before, own) }]);
    expect(lines).toEqual(
      expect.arrayContaining([
        `gitops_runs_total{${LABEL},status="complete"} 1`,
        `gitops_runs_total{${LABEL},status="partial"} 0`,
        `gitops_runs_total{${LABEL},status="failed"} 1`,
        `gitops_run_duration_seconds_bucket{le="5",${LABEL}} 1`,
        `gitops_run_duration_seconds_bucket{le="60",${LABEL}} 2`,
        `gitops_run_duration_seconds_sum{${LABEL}} 42`,
        `gitops_run_duration_seconds_count{${LABEL}} 2`,
      ]),
    );
  });

  it("say what the last run found, and leave out what is not known", async () => {
    const snapshots = [{ cluster: "a/b", takenMs: 1_700_000_000_500 }];
    const known = { objects: 7, openRequests: 1, lastSuccessMs: 1_700_000_000_000, snapshots };
    const lines = await linesOf([{ repository: REPOSITORY, counters: NO_GITOPS_RUNS, ...known }]);
    expect(lines).toContain(`gitops_objects{${LABEL}} 7`);
    expect(lines).toContain(`gitops_open_requests{${LABEL}} 1`);
    expect(lines).toContain(`gitops_last_success_timestamp_seconds{${LABEL}} 1700000000`);
    expect(lines).toContain(`gitops_snapshot_timestamp_seconds{${LABEL},cluster="a/b"} 1700000000.5`);
    expect(lines.join("\n")).not.toMatch(/gitops_(blocked_objects|frozen_folders|calls_total)/);
  });

  it("say what the receiver has before it", async () => {
    expect(await linesOf([], { calls: { accepted: 3 }, waiting: 2, running: true })).toEqual([
      'gitops_calls_total{outcome="accepted"} 3',
      'gitops_calls_total{outcome="repeated"} 0',
      'gitops_calls_total{outcome="refused"} 0',
      'gitops_calls_total{outcome="limited"} 0',
      "gitops_waiting_calls 2",
      "gitops_run_in_progress 1",
    ]);
  });
});
