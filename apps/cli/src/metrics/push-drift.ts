import type { Call } from "@kubeferry/model";
import type { ApplicationStatus, Drift } from "@kubeferry/recovery";
import type { MetricsConfig } from "@kubeferry/shared-config";
import { type DriftSample, pushMetrics, renderDriftMetrics, type SeriesLabels } from "@kubeferry/telemetry";

/** What `kubeferry drift` found. */
export interface DriftFound {
  readonly labels: SeriesLabels;
  readonly comparisons: readonly Pick<Drift, "against" | "diff">[];
  readonly applications: readonly ApplicationStatus[];
}

/** Sends the numbers to the configured Pushgateway; what goes wrong on the way is a warning. */
export async function pushDrift({ push }: MetricsConfig, found: DriftFound, now: Date, call: Call): Promise<void> {
  if (push === undefined) return;
  try {
    await pushMetrics(push, { ...found.labels }, await renderDriftMetrics(sampleOf(found, now)), call);
  } catch (error) {
    if (call.signal.aborted) throw error;
    call.log.warn("metrics were not pushed", { operation: "metrics", error });
  }
}

function sampleOf({ labels, comparisons, applications }: DriftFound, now: Date): DriftSample {
  return {
    labels,
    checkedMs: now.getTime(),
    comparisons: comparisons.map(({ against, diff: { report } }) => ({
      against,
      objects: { missing: report.removed, changed: report.changed, unmanaged: report.added },
      unreadTypes: new Set(report.notCompared.filter(({ because }) => because === "unread").map(resourceOf)).size,
    })),
    applications,
  };
}

function resourceOf({ resource }: { readonly resource: string }): string {
  return resource;
}
