import type { SeriesLabels } from "./render-metrics.ts";

/** How objects of a cluster differ from what they are held against. */
export type DriftKind = "missing" | "changed" | "unmanaged";

/** What Argo CD says of one Application, in its own words. */
export interface ApplicationSample {
  readonly name: string;
  readonly sync: string;
  readonly health: string;
}

/** What one look at a cluster found. */
export interface DriftSample {
  readonly labels: SeriesLabels;
  /** Milliseconds since 1970. */
  readonly checkedMs: number;
  readonly comparisons: readonly {
    readonly against: "git" | "snapshot";
    readonly objects: Readonly<Record<DriftKind, number>>;
    readonly unreadTypes: number;
  }[];
  /** None where the cluster has no Argo CD. */
  readonly applications: readonly ApplicationSample[];
}

/**
 * The sample in Prometheus' text format; what was not compared has no line. The library is loaded with the first call.
 */
export async function renderDriftMetrics(sample: DriftSample): Promise<string> {
  const { driftExposition } = await import("./drift-exposition.ts");
  return driftExposition(sample);
}
