import { Counter, Gauge, Registry } from "prom-client";
import { CarriedHistogram } from "./carried-histogram.ts";
import { type CallOutcome, GITOPS_RUN_STATUSES, type GitOpsSample, type ReceiverSample } from "./gitops-samples.ts";
import { GITOPS_METRICS } from "./metric-list.ts";

/** Samples of stage 2 in Prometheus' text format. Made anew each time, as those of backups are. */
export function gitopsExposition(samples: readonly GitOpsSample[], receiver?: ReceiverSample): Promise<string> {
  const registry = new Registry();
  if (samples.length > 0) addRepositories(samples, registry);
  if (receiver !== undefined) addReceiver(receiver, registry);
  return registry.metrics();
}

function addRepositories(samples: readonly GitOpsSample[], registry: Registry): void {
  const runs = new Counter({ ...described("gitops_runs_total"), registers: [registry] });
  for (const { repository, counters } of samples) {
    for (const status of GITOPS_RUN_STATUSES) runs.inc({ repository, status }, counters.runs[status] ?? 0);
  }
  const name = "gitops_run_duration_seconds";
  const durations = samples.map(({ repository, counters }) => ({ labels: { repository }, ...counters }));
  // Registers itself.
  new CarriedHistogram({ name, help: GITOPS_METRICS[name].help, registry }, durations);
  for (const [gauge, read] of GAUGES) {
    const metric = new Gauge({ ...described(gauge), registers: [registry] });
    for (const sample of samples) {
      const value = read(sample);
      if (value !== undefined) metric.set({ repository: sample.repository }, value);
    }
  }
  const taken = new Gauge({ ...described("gitops_snapshot_timestamp_seconds"), registers: [registry] });
  for (const { repository, snapshots = [] } of samples) {
    for (const { cluster, takenMs } of snapshots) taken.set({ repository, cluster }, takenMs / 1000);
  }
}

type MetricName = keyof typeof GITOPS_METRICS;

const GAUGES: readonly (readonly [MetricName, (sample: GitOpsSample) => number | undefined])[] = [
  ["gitops_objects", ({ objects }) => objects],
  ["gitops_blocked_objects", ({ blockedObjects }) => blockedObjects],
  ["gitops_blocked_secrets", ({ blockedSecrets }) => blockedSecrets],
  ["gitops_frozen_folders", ({ frozenFolders }) => frozenFolders],
  ["gitops_held_back_removals", ({ heldBackRemovals }) => heldBackRemovals],
  ["gitops_open_requests", ({ openRequests }) => openRequests],
  [
    "gitops_last_success_timestamp_seconds",
    ({ lastSuccessMs }) => (lastSuccessMs === undefined ? undefined : lastSuccessMs / 1000),
  ],
];

const CALL_OUTCOMES: readonly CallOutcome[] = ["accepted", "repeated", "refused", "limited"];

function addReceiver({ calls, waiting, running }: ReceiverSample, registry: Registry): void {
  const total = new Counter({ ...described("gitops_calls_total"), registers: [registry] });
  for (const outcome of CALL_OUTCOMES) total.inc({ outcome }, calls[outcome] ?? 0);
  new Gauge({ ...described("gitops_waiting_calls"), registers: [registry] }).set(waiting);
  new Gauge({ ...described("gitops_run_in_progress"), registers: [registry] }).set(running ? 1 : 0);
}

function described(name: MetricName): { name: string; help: string; labelNames: string[] } {
  const { help, labels } = GITOPS_METRICS[name];
  return { name, help, labelNames: [...labels] };
}
