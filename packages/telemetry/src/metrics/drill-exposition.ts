import { Gauge, Registry } from "prom-client";
import { DRILL_METRICS } from "./metric-list.ts";
import type { DrillSample } from "./render-drill.ts";

/** The numbers of a drill; what is not known has no line. */
export function drillExposition(sample: DrillSample): Promise<string> {
  const { labels, lastSuccessMs } = sample;
  const values: Readonly<Record<keyof typeof DRILL_METRICS, number | undefined>> = {
    cluster_restore_drill_age_seconds: sample.ageSeconds,
    cluster_restore_drill_duration_seconds: sample.durationSeconds,
    cluster_restore_drill_differences: sample.differences,
    cluster_restore_drill_last_success_timestamp_seconds:
      lastSuccessMs === undefined ? undefined : lastSuccessMs / 1000,
  };
  const registry = new Registry();
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const { help } = DRILL_METRICS[name as keyof typeof DRILL_METRICS];
    new Gauge({ name, help, labelNames: ["cluster", "series"], registers: [registry] }).set({ ...labels }, value);
  }
  return registry.metrics();
}
