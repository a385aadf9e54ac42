import type { Call, RunCounters } from "@kubeferry/model";
import type { MetricsConfig } from "@kubeferry/shared-config";
import {
  type BackupSample,
  type Gateway,
  largerCounters,
  pushMetrics,
  readPushed,
  renderMetrics,
  type SeriesLabels,
} from "@kubeferry/telemetry";

/** After a stop was asked for, the gateway gets no longer than this. */
const LAST_PUSH_MS = 3_000;

/** The way to a Pushgateway. What goes wrong on it is a warning: a run is not worse for it. */
export interface Pushing {
  /** The larger of what the store and the gateway know of earlier runs: a run that did not reach the store is only there. */
  raise(stored: RunCounters, labels: SeriesLabels): Promise<RunCounters>;
  /** Sends the numbers while the run goes on. */
  startPush(sample: BackupSample): void;
  /** Sends the numbers, after any that are still on their way. */
  push(sample: BackupSample): Promise<void>;
}

/** @returns undefined where no gateway is configured */
export function openPushing({ push }: MetricsConfig, call: Call): Pushing | undefined {
  return push === undefined ? undefined : pushingTo(push, call);
}

function pushingTo(gateway: Gateway, call: Call): Pushing {
  let underWay = Promise.resolve();

  async function send(sample: BackupSample, signal: AbortSignal): Promise<void> {
    try {
      await pushMetrics(gateway, sample.labels, await renderMetrics([sample]), { ...call, signal });
    } catch (error) {
      if (!signal.aborted) call.log.warn("metrics were not pushed", { operation: "metrics", error });
    }
  }

  return {
    async raise(stored, labels) {
      try {
        const pushed = await readPushed(gateway, labels, call);
        return pushed === undefined ? stored : largerCounters(stored, pushed);
      } catch (error) {
        // The push says it aloud; and what takes pushes without being a Pushgateway need not know.
        call.log.debug("what was pushed before is not known", { operation: "metrics", error });
        return stored;
      }
    },
    startPush(sample) {
      underWay = send(sample, call.signal);
    },
    async push(sample) {
      await underWay;
      // Of a run that was told to stop too, whose own signal would stop the push before it began.
      await send(sample, call.signal.aborted ? AbortSignal.timeout(LAST_PUSH_MS) : new AbortController().signal);
    },
  };
}
