import type { RunCounters } from "@kubeferry/model";
import { Counter, Gauge, Registry } from "prom-client";
import { CarriedHistogram } from "./carried-histogram.ts";
import { BACKUP_METRICS } from "./metric-list.ts";
import type { BackupSample, RequestTarget } from "./render-metrics.ts";

/** The samples in Prometheus' text format. Made anew each time: there are a dozen numbers a cluster. */
export function exposition(samples: readonly BackupSample[]): Promise<string> {
  const registry = new Registry();
  const counted = samples.flatMap(({ labels, counters }) => (counters === undefined ? [] : [{ labels, counters }]));
  const name = "cluster_backup_duration_seconds";
  // Registers itself.
  new CarriedHistogram(
    { name, help: BACKUP_METRICS[name].help, registry },
    counted.map(({ labels, counters }) => ({ labels: { ...labels }, durations: counters.durations })),
  );
  for (const [counter, read] of COUNTERS) {
    const metric = new Counter({ ...described(counter), registers: [registry] });
    for (const { labels, counters } of counted) metric.inc({ ...labels }, read(counters));
  }
  for (const [gauge, read] of GAUGES) {
    const metric = new Gauge({ ...described(gauge), registers: [registry] });
    for (const sample of samples) {
      const value = read(sample);
      if (value !== undefined) metric.set({ ...sample.labels }, value);
    }
  }
  for (const [gauge, read] of REQUEST_GAUGES) {
    const metric = new Gauge({ ...described(gauge), registers: [registry] });
    for (const sample of samples) {
      for (const target of ["kubernetes", "store"] as const) {
        metric.set({ ...sample.labels, target }, read(sample.requests[target]));
      }
    }
  }
  return registry.metrics();
}

type MetricName = keyof typeof BACKUP_METRICS;

const COUNTERS: readonly (readonly [MetricName, (counters: RunCounters) => number])[] = [
  ["cluster_backup_errors_total", ({ failedRuns }) => failedRuns],
  ["cluster_backup_object_errors_total", ({ objectErrors }) => objectErrors],
  ["cluster_backup_resources_total", ({ objects }) => objects],
];

const GAUGES: readonly (readonly [MetricName, (sample: BackupSample) => number | undefined])[] = [
  ["cluster_backup_last_success_timestamp_seconds", ({ lastSuccessMs }) => seconds(lastSuccessMs)],
  ["cluster_backup_last_partial_timestamp_seconds", ({ lastPartialMs }) => seconds(lastPartialMs)],
  ["cluster_backup_last_failure_timestamp_seconds", ({ lastFailureMs }) => seconds(lastFailureMs)],
  ["cluster_backup_namespaces", ({ namespaces }) => namespaces],
  ["cluster_backup_unread_types", ({ newest }) => newest?.unreadTypes],
  ["cluster_backup_store_bytes", ({ newest }) => newest?.storedBytes],
  ["cluster_backup_store_objects", ({ newest }) => newest?.storedFiles],
];

type Requests = BackupSample["requests"][RequestTarget];

const REQUEST_GAUGES: readonly (readonly [MetricName, (requests: Requests) => number])[] = [
  ["cluster_backup_requests_in_flight", ({ inFlight }) => inFlight],
  ["cluster_backup_request_retries", ({ retries }) => retries],
];

function described(name: MetricName): { name: string; help: string; labelNames: string[] } {
  const { help, labels } = BACKUP_METRICS[name];
  return { name, help, labelNames: ["cluster", "series", ...labels] };
}

function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}
