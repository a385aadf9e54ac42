import type { Call } from "@kubeferry/model";
import type { Config, MetricsConfig } from "@kubeferry/shared-config";
import { type BackupSample, type MetricsServer, renderMetrics, serveMetrics } from "@kubeferry/telemetry";
import { type BackupRecorder, createBackupRecorder } from "./backup-recorder.ts";

/** The metrics of one process: served while it runs, pushed by each recorder. */
export interface Metrics {
  /** Follows one run of stage 1. */
  recorder(config: Config, call: Call): BackupRecorder;
  close(): Promise<void>;
}

/** Starts to serve metrics where that is configured. That they cannot be served is a warning, and no reason not to run. */
export async function openMetrics(settings: MetricsConfig, call: Call): Promise<Metrics> {
  const samples = new Map<string, () => BackupSample | undefined>();
  const render = () => renderMetrics([...samples.values()].flatMap((sample) => sample() ?? []));
  const server = settings.enabled ? await serve(settings, render, call) : undefined;
  return {
    recorder(config, ownCall) {
      const recorder = createBackupRecorder(config, ownCall);
      samples.set(String(samples.size), recorder.sample);
      return recorder;
    },
    close: async () => server?.close(),
  };
}

async function serve(
  settings: MetricsConfig,
  render: () => Promise<string>,
  call: Call,
): Promise<MetricsServer | undefined> {
  // In a Pod Prometheus comes from outside; elsewhere nobody needs to.
  const host = settings.host ?? (process.env.KUBERNETES_SERVICE_HOST === undefined ? "127.0.0.1" : "::");
  try {
    const server = await serveMetrics({ host, port: settings.port, path: settings.path }, render);
    call.log.info("metrics are served", { operation: "metrics", url: server.url });
    return server;
  } catch (error) {
    call.log.warn("metrics are not served", { operation: "metrics", error });
    return undefined;
  }
}
