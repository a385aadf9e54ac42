import type { BackupObserver } from "@kubeferry/backup";
import type { KubeApi } from "@kubeferry/kube";
import { type BackupReport, type Call, KubeferryError, type RunCounters } from "@kubeferry/model";
import type { ObjectStore } from "@kubeferry/object-store";
import type { Config } from "@kubeferry/shared-config";
import {
  type BackupSample,
  countFailedRun,
  largerCounters,
  type NewestSnapshot,
  NO_RUNS,
  type Pushed,
  renderMetrics,
} from "@kubeferry/telemetry";
import { createLineCounts } from "./line-counts.ts";
import { countedRetries, measuredKube, measuredStore, type RequestCounts, seenBy } from "./measured.ts";
import { openPushing } from "./pushing.ts";
import { storedFiles } from "./stored-files.ts";

/** Follows one run of stage 1 and knows its numbers at every moment. */
export interface BackupRecorder {
  readonly observer: BackupObserver;
  /** The run's call, whose repeated requests, security events and messages to people are counted. */
  readonly call: Call;
  measureStore(store: ObjectStore): ObjectStore;
  measureKube(kube: KubeApi): KubeApi;
  /** Undefined while the cluster's name is not known. */
  sample(): BackupSample | undefined;
  /** The run has a report: its numbers are pushed, where that is configured. */
  finished(report: BackupReport): Promise<void>;
  /** The run ended without one. */
  failed(error: unknown): Promise<void>;
}

/** What is known so far. */
interface Numbers {
  cluster?: string;
  counters?: RunCounters;
  committed: boolean;
  /** Whether the snapshot has no gaps, once it is committed. */
  isComplete?: boolean;
  newest?: NewestSnapshot;
  /** By the manifest: the next run reads the same time there. */
  finishedMs?: number;
  namespaces?: number;
  lastSuccessMs?: number | undefined;
  lastPartialMs?: number | undefined;
  lastFailureMs?: number;
  /** What earlier processes pushed of events and messages; undefined while nobody asked. */
  linesBefore?: Partial<Pushed>;
}

/** Starts the clock of a run. */
export function createBackupRecorder(config: Config, call: Call): BackupRecorder {
  const startedMs = performance.now();
  const numbers: Numbers = { committed: false, ...configuredCluster(config) };
  const requests: RequestCounts = { kubernetes: { inFlight: 0, retries: 0 }, store: { inFlight: 0, retries: 0 } };
  const { partialIsSuccess } = config.metrics;
  const { series } = config.backup;
  const pushing = openPushing(config.metrics, call);
  const lines = createLineCounts(config);

  function sampleOf(cluster: string): BackupSample {
    const { counters, newest, namespaces, lastSuccessMs, lastPartialMs, lastFailureMs } = numbers;
    const times = { lastSuccessMs, lastPartialMs, lastFailureMs };
    return { labels: { cluster, series }, counters, newest, namespaces, ...times, requests };
  }

  /** The larger of what the store and the gateway know of earlier runs: a run that did not reach the store is only there. */
  async function raise(stored: RunCounters, cluster: string): Promise<RunCounters> {
    const pushed = await pushing?.read({ cluster, series });
    numbers.linesBefore = pushed ?? {};
    return pushed === undefined ? stored : largerCounters(stored, pushed.backup);
  }

  async function render(cluster: string): Promise<string> {
    return `${await renderMetrics([sampleOf(cluster)])}${await lines.render(numbers.linesBefore)}`;
  }

  async function push(): Promise<void> {
    if (pushing === undefined) return;
    const { cluster } = numbers;
    if (cluster !== undefined) {
      if (numbers.linesBefore === undefined) await raise(NO_RUNS, cluster);
      return pushing.push({ cluster, series }, () => render(cluster));
    }
    const problem = "which cluster this is was not known; cluster.name and cluster.domain say it in any case";
    call.log.warn("metrics were not pushed", { operation: "metrics", problem });
  }

  /** What this failed run adds itself to; undefined when nothing says what came before. */
  async function countersBefore(): Promise<RunCounters | undefined> {
    const { counters, cluster } = numbers;
    if (counters !== undefined || pushing === undefined || cluster === undefined) return counters;
    return raise(NO_RUNS, cluster);
  }

  return {
    observer: {
      onCluster(cluster) {
        numbers.cluster = cluster;
      },
      async onCounters(stored) {
        const cluster = numbers.cluster ?? "";
        numbers.counters = await raise(stored, cluster);
        numbers.lastPartialMs = milliseconds(stored.lastPartialAt);
        numbers.lastSuccessMs = lastSuccess(stored, partialIsSuccess);
        // An increase is seen only by whoever saw the number before it.
        pushing?.startPush({ cluster, series }, () => render(cluster));
        return numbers.counters;
      },
      onCommit(manifest) {
        numbers.committed = true;
        numbers.isComplete = manifest.complete;
        numbers.counters = manifest.counters ?? NO_RUNS;
        numbers.newest = storedFiles(manifest);
        numbers.finishedMs = Date.parse(manifest.finishedAt);
      },
    },
    call: seenBy(countedRetries(call, requests), lines.see),
    measureStore: (store) => measuredStore(store, requests.store),
    measureKube: (kube) => measuredKube(kube, requests.kubernetes),
    sample: () => (numbers.cluster === undefined ? undefined : sampleOf(numbers.cluster)),
    async finished(report) {
      numbers.namespaces = report.namespaces;
      // One that was told to stop behind its commit counts by its snapshot.
      const whole = report.status === "interrupted" ? numbers.isComplete === true : report.status === "complete";
      if (!whole) numbers.lastPartialMs = numbers.finishedMs;
      if (whole || partialIsSuccess) numbers.lastSuccessMs = numbers.finishedMs;
      await push();
    },
    async failed(error) {
      // One that was told to stop says nothing about its cluster.
      if (!numbers.committed && !isBusy(error) && !call.signal.aborted) {
        numbers.lastFailureMs = Date.now();
        const before = await countersBefore();
        if (before !== undefined) numbers.counters = countFailedRun(before, performance.now() - startedMs);
      }
      await push();
    },
  };
}

/** Another run is at work: that one is counted, and the backup of this cluster is not failing. */
function isBusy(error: unknown): boolean {
  return error instanceof KubeferryError && error.kind === "busy";
}

function configuredCluster({ cluster: { domain, name } }: Config): { cluster?: string } {
  return domain === undefined || name === undefined ? {} : { cluster: `${domain}/${name}` };
}

function lastSuccess({ lastCompleteAt, lastPartialAt }: RunCounters, partialIsSuccess: boolean): number | undefined {
  const times = [lastCompleteAt, ...(partialIsSuccess ? [lastPartialAt] : [])].flatMap((at) => milliseconds(at) ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}

function milliseconds(at: string | undefined): number | undefined {
  return at === undefined ? undefined : Date.parse(at);
}
