import type { Call } from "@kubeferry/model";
import type { DrillReport } from "@kubeferry/recovery";
import type { MetricsConfig } from "@kubeferry/shared-config";
import { pushMetrics, renderDrill } from "@kubeferry/telemetry";

/** Sends the numbers of a drill where a gateway is configured. What goes wrong on the way is a warning. */
export async function pushDrill(report: DrillReport, { push }: MetricsConfig, call: Call): Promise<void> {
  if (push === undefined) return;
  const { source, objects, ageSeconds, restoreSeconds } = report;
  const labels = { cluster: source.cluster, series: source.series };
  const differences = objects.different + objects.failed;
  const sample = { labels, ageSeconds, durationSeconds: restoreSeconds, differences };
  try {
    const text = await renderDrill(differences === 0 ? { ...sample, lastSuccessMs: Date.now() } : sample);
    await pushMetrics(push, { ...labels }, text, call);
  } catch (error) {
    call.log.warn("metrics were not pushed", { operation: "metrics", error });
  }
}
