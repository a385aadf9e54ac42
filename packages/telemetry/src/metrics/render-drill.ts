import type { SeriesLabels } from "./render-metrics.ts";

/** One drill that ended. */
export interface DrillSample {
  readonly labels: SeriesLabels;
  readonly ageSeconds: number;
  readonly durationSeconds: number;
  /** Objects that differ or were not brought back. */
  readonly differences: number;
  /** Milliseconds since 1970; left out for a drill that was none: what was pushed of an earlier one stays. */
  readonly lastSuccessMs?: number | undefined;
}

/** A drill in Prometheus' text format. */
export async function renderDrill(sample: DrillSample): Promise<string> {
  const { drillExposition } = await import("./drill-exposition.ts");
  return drillExposition(sample);
}
