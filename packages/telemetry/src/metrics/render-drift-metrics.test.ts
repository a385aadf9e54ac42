import { describe, expect, it } from "vitest";
import { renderDriftMetrics } from "./render-drift-metrics.ts";

const SAMPLE = {
  labels: { cluster: "company.local/east", series: "default" },
  checkedMs: 1_700_000_000_500,
  comparisons: [{ against: "git", objects: { missing: 1, changed: 2, unmanaged: 0 }, unreadTypes: 3 }],
  applications: [{ name: "shop-prod", sync: "OutOfSync", health: "Healthy" }],
} as const;

async function linesOf(sample: Parameters<typeof renderDriftMetrics>[0]): Promise<string[]> {
  return (await renderDriftMetrics(sample)).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

describe("what a look at a cluster found, as Prometheus reads it", () => {
  it("counts objects by kind, and names what Argo CD says of each Application", async () => {
    const labels = 'cluster="company.local/east",series="default"';
    expect(await linesOf(SAMPLE)).toEqual([
      `gitops_drift_objects{${labels},against="git",kind="missing"} 1`,
      `gitops_drift_objects{${labels},against="git",kind="changed"} 2`,
      `gitops_drift_objects{${labels},against="git",kind="unmanaged"} 0`,
      `gitops_drift_unread_types{${labels},against="git"} 3`,
      `gitops_drift_last_check_timestamp_seconds{${labels}} 1700000000.5`,
      `gitops_application_sync_status{${labels},application="shop-prod",status="OutOfSync"} 1`,
      `gitops_application_health_status{${labels},application="shop-prod",status="Healthy"} 1`,
    ]);
  });

  it("has no number for what was not compared", async () => {
    expect((await linesOf({ ...SAMPLE, comparisons: [], applications: [] })).join("\n")).toMatch(
      /^gitops_drift_last_check_timestamp_seconds\{[^\n]*$/,
    );
  });
});
