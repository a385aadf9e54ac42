import { Gauge, Registry } from "prom-client";
import { DRIFT_METRICS } from "./metric-list.ts";
import type { DriftKind, DriftSample } from "./render-drift-metrics.ts";

/** The sample in Prometheus' text format. */
export function driftExposition({ labels, checkedMs, comparisons, applications }: DriftSample): Promise<string> {
  const registry = new Registry();
  const objects = gauge("gitops_drift_objects", registry);
  const unread = gauge("gitops_drift_unread_types", registry);
  for (const { against, objects: counts, unreadTypes } of comparisons) {
    for (const kind of KINDS) objects.set({ ...labels, against, kind }, counts[kind]);
    unread.set({ ...labels, against }, unreadTypes);
  }
  gauge("gitops_drift_last_check_timestamp_seconds", registry).set({ ...labels }, checkedMs / 1000);
  const sync = gauge("gitops_application_sync_status", registry);
  const health = gauge("gitops_application_health_status", registry);
  for (const application of applications) {
    sync.set({ ...labels, application: application.name, status: application.sync }, 1);
    health.set({ ...labels, application: application.name, status: application.health }, 1);
  }
  return registry.metrics();
}

const KINDS: readonly DriftKind[] = ["missing", "changed", "unmanaged"];

function gauge(name: keyof typeof DRIFT_METRICS, registry: Registry): Gauge {
  const { help, labels } = DRIFT_METRICS[name];
  return new Gauge({ name, help, labelNames: ["cluster", "series", ...labels], registers: [registry] });
}
