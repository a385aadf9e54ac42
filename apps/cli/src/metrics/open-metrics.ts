import type { Call } from "@kubeferry/model";
import type { Config, MetricsConfig } from "@kubeferry/shared-config";
import {
  type BackupSample,
  type GitOpsSample,
  type MetricsServer,
  measureProcess,
  type ReceiverSample,
  renderGitOpsMetrics,
  renderMetrics,
  serveMetrics,
} from "@kubeferry/telemetry";
import { toolVersion } from "../version.ts";
import { type BackupRecorder, createBackupRecorder } from "./backup-recorder.ts";
import { createGitOpsRecorder, type GitOpsRecorder } from "./gitops-recorder.ts";

/** The metrics of one process: rendered while it runs, pushed by each recorder. */
export interface Metrics {
  /** Follows one run of stage 1. */
  recorder(config: Config, call: Call): BackupRecorder;
  /** Follows runs of stage 2. @param options `pushes`: false for a process that lives long enough to be scraped */
  gitops(config: Config, call: Call, options: { readonly pushes: boolean }): GitOpsRecorder;
  /** All of it, in Prometheus' text format. @param receiver what the receiver of calls knows, where there is one */
  render(receiver?: ReceiverSample): Promise<string>;
}

/** Metrics that are served by themselves. */
export interface ServedMetrics extends Metrics {
  close(): Promise<void>;
}

/** Begins to measure this process; nothing is served. */
export async function createMetrics(): Promise<Metrics> {
  const backups: (() => BackupSample | undefined)[] = [];
  const runs: (() => GitOpsSample)[] = [];
  const renderProcess = await measureProcess(toolVersion());
  return {
    recorder(config, call) {
      const recorder = createBackupRecorder(config, call);
      backups.push(recorder.sample);
      return recorder;
    },
    gitops(config, call, options) {
      const recorder = createGitOpsRecorder(config, call, options);
      runs.push(recorder.sample);
      return recorder;
    },
    async render(receiver) {
      const ofBackups = backups.length === 0 ? "" : await renderMetrics(backups.flatMap((sample) => sample() ?? []));
      const ofRuns = await renderGitOpsMetrics(
        runs.map((sample) => sample()),
        receiver,
      );
      return `${ofBackups}${ofRuns}${await renderProcess()}`;
    },
  };
}

/** Starts to serve metrics where that is configured. That they cannot be served is a warning, and no reason not to run. */
export async function openMetrics(settings: MetricsConfig, call: Call): Promise<ServedMetrics> {
  const metrics = await createMetrics();
  const server = settings.enabled ? await serve(settings, () => metrics.render(), call) : undefined;
  return { ...metrics, close: async () => server?.close() };
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
