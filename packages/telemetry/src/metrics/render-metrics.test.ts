import { describe, expect, it } from "vitest";
import { NO_RUNS } from "./count-run.ts";
import { renderMetrics } from "./render-metrics.ts";

const LABELS = { cluster: "company.local/east", series: "default" };
const QUIET = { kubernetes: { inFlight: 2, retries: 0 }, store: { inFlight: 0, retries: 3 } };

async function linesOf(...samples: Parameters<typeof renderMetrics>[0]): Promise<string[]> {
  return (await renderMetrics(samples)).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

describe("metrics as Prometheus reads them", () => {
  it("carry what all runs add up to, under the labels of cluster and series", async () => {
    const durations = { count: 3, sumMs: 4500, buckets: { "1": 1, "5": 3 } };
    const counters = { ...NO_RUNS, failedRuns: 1, objects: 40, objectErrors: 2, durations };
    const lines = await linesOf({ labels: LABELS, counters, requests: QUIET });
    expect(lines).toEqual(
      expect.arrayContaining([
        'cluster_backup_errors_total{cluster="company.local/east",series="default"} 1',
        'cluster_backup_object_errors_total{cluster="company.local/east",series="default"} 2',
        'cluster_backup_resources_total{cluster="company.local/east",series="default"} 40',
        'cluster_backup_duration_seconds_sum{cluster="company.local/east",series="default"} 4.5',
        'cluster_backup_duration_seconds_count{cluster="company.local/east",series="default"} 3',
      ]),
    );
  });

  it("say when the last success was in seconds, and leave out what is not known", async () => {
    const known = await linesOf({ labels: LABELS, lastSuccessMs: 1_700_000_000_500, requests: QUIET });
    const success = known.filter((line) => line.startsWith("cluster_backup_last_success_timestamp_seconds"));
    expect(success).toEqual([
      'cluster_backup_last_success_timestamp_seconds{cluster="company.local/east",series="default"} 1700000000.5',
    ]);
    expect(known.some((line) => line.startsWith("cluster_backup_last_partial"))).toBe(false);
    expect(known.some((line) => line.startsWith("cluster_backup_resources_total"))).toBe(false);
  });

  it("tell requests to the API server from those to the store", async () => {
    const lines = await linesOf({ labels: LABELS, requests: QUIET });
    const labels = 'cluster="company.local/east",series="default"';
    expect(lines).toContain(`cluster_backup_requests_in_flight{${labels},target="kubernetes"} 2`);
    expect(lines).toContain(`cluster_backup_request_retries{${labels},target="store"} 3`);
  });
});
