import type { Call } from "@kubeferry/model";
import type { MetricsConfig } from "@kubeferry/shared-config";
import { type Gateway, type GroupLabels, type Pushed, pushMetrics, readPushedGroup } from "@kubeferry/telemetry";

/** After a stop was asked for, the gateway gets no longer than this. */
const LAST_PUSH_MS = 3_000;

/** What is sent, in Prometheus' text format, as it stands when it is asked for. */
type Render = () => Promise<string>;

/** The way to a Pushgateway, for one group of its metrics. What goes wrong on it is a warning: a run is not worse for it. */
export interface Pushing {
  /** What earlier processes sent; undefined where nothing is known of it. */
  read(labels: GroupLabels): Promise<Pushed | undefined>;
  /** Sends the numbers while the run goes on. */
  startPush(labels: GroupLabels, render: Render): void;
  /** Sends the numbers, after any that are still on their way. */
  push(labels: GroupLabels, render: Render): Promise<void>;
}

/** @returns undefined where no gateway is configured */
export function openPushing({ push }: MetricsConfig, call: Call): Pushing | undefined {
  return push === undefined ? undefined : pushingTo(push, call);
}

function pushingTo(gateway: Gateway, call: Call): Pushing {
  let underWay = Promise.resolve();

  async function send(labels: GroupLabels, render: Render, signal: AbortSignal): Promise<void> {
    try {
      await pushMetrics(gateway, labels, await render(), { ...call, signal });
    } catch (error) {
      if (!signal.aborted) call.log.warn("metrics were not pushed", { operation: "metrics", error });
    }
  }

  return {
    async read(labels) {
      try {
        return await readPushedGroup(gateway, labels, call);
      } catch (error) {
        // The push says it aloud; and what takes pushes without being a Pushgateway need not know.
        call.log.debug("what was pushed before is not known", { operation: "metrics", error });
        return undefined;
      }
    },
    startPush(labels, render) {
      underWay = send(labels, render, call.signal);
    },
    async push(labels, render) {
      await underWay;
      // Of a run that was told to stop too, whose own signal would stop the push before it began.
      const signal = call.signal.aborted ? AbortSignal.timeout(LAST_PUSH_MS) : new AbortController().signal;
      await send(labels, render, signal);
    },
  };
}
