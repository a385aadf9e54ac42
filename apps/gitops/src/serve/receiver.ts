import type { Call } from "@kubeferry/model";
import type { ServeClock } from "./clock.ts";
import type { Health } from "./health.ts";
import type { Patience } from "./listen/create-listener.ts";
import type { Place } from "./listen/listen.ts";
import type { TlsFiles } from "./listen/tls-files.ts";
import { openInner } from "./open-inner.ts";
import { createRunLoop, type RunLoop } from "./runs/run-loop.ts";
import type { RunOutcome, RunRequest } from "./runs/run-request.ts";
import type { World } from "./runs/standstill.ts";
import type { ServeSettings } from "./settings.ts";
import { type CallCounts, type CallOutcome, createCallCounts } from "./webhook/call-counts.ts";
import { type OpenListener, openWebhook } from "./webhook/open-webhook.ts";

/** What a receiver is made of. */
export interface ReceiverOptions {
  /** What backups call; outside it nothing is told of clusters. */
  readonly webhook: Place & { readonly tls?: TlsFiles };
  /** For probes, metrics and people. */
  readonly inner: Place;
  /** Left out: metrics are not served. */
  readonly metrics?: {
    /** "/metrics" */
    readonly path: string;
    /** In the text format of Prometheus; asked at each request. */
    render(numbers: ReceiverNumbers): Promise<string>;
  };
  readonly current: () => ServeSettings;
  /** Stage 2, once. */
  readonly run: (request: RunRequest) => Promise<RunOutcome>;
  readonly world: World;
  readonly shutdownTimeoutMs: number;
  readonly clock: ServeClock;
  readonly newId: () => string;
  /** What a test brings its own of; left out: seconds. */
  readonly patience?: Patience;
  readonly tlsEveryMs?: number;
}

/** What the receiver can be measured by. */
export interface ReceiverNumbers {
  /** By what became of them; those without any are left out. */
  readonly calls: Readonly<Partial<Record<CallOutcome, number>>>;
  /** Accepted calls that no run has taken up yet. */
  readonly waiting: number;
  readonly running: boolean;
}

/** Takes backup-complete calls, and runs stage 2. */
export interface Receiver {
  /** "https://0.0.0.0:8443", as it is listened on. */
  readonly addresses: { readonly webhook: string; readonly inner: string };
  /**
   * Settles once the call that it was made with is aborted, nothing is listened on and no run is under way.
   * @returns whether a run was cut off in the middle
   * @throws KubeferryError "stuck" of a run that may still be at work; nothing is listened on then either
   */
  run(): Promise<{ readonly cutOff: boolean }>;
}

/**
 * Listens. Calls are taken from then on; they lead to runs once `run` was called.
 * @param call its abort ends the receiver: no more calls at once, a run that is under way after `shutdownTimeoutMs`
 * @throws ServeError
 */
export async function createReceiver(options: ReceiverOptions, call: Call): Promise<Receiver> {
  const { webhook: place, inner: innerPlace, metrics } = options;
  const loop = createRunLoop(options);
  const health = healthOf(loop, call.signal);
  const counts = createCallCounts();
  const { onCall, document } = loop;
  const { tls } = place;
  const webhook = await openWebhook(
    { ...options, place, health, onCall, counts, ...(tls === undefined ? {} : { tls }) },
    call,
  );
  const served =
    metrics === undefined
      ? {}
      : { metrics: { path: metrics.path, render: () => metrics.render(numbersOf(loop, counts)) } };
  const inner = await orClose(webhook, () => openInner({ place: innerPlace, health, runs: document, ...served }));
  const addresses = { webhook: webhook.url, inner: inner.url };
  return {
    addresses,
    async run() {
      call.log.info("receiver listens", { operation: "serve", url: webhook.url, inner: inner.url });
      const ended = new AbortController();
      const closed = whenAborted(AbortSignal.any([call.signal, ended.signal]), () => webhook.close());
      try {
        await loop.run(call);
      } finally {
        ended.abort();
        await closed;
        // To the end: a probe and a curious person are answered while the last run finishes.
        await inner.close();
      }
      call.log.info("receiver ended", { operation: "serve" });
      return { cutOff: loop.document().runs[0]?.status === "interrupted" };
    },
  };
}

function numbersOf(loop: RunLoop, counts: CallCounts): ReceiverNumbers {
  const { next, runs } = loop.document();
  return { calls: counts.read(), waiting: next?.calls ?? 0, running: runs[0]?.status === "running" };
}

function healthOf(loop: RunLoop, signal: AbortSignal): Health {
  return {
    unready() {
      if (signal.aborted) return "it is stopping";
      return loop.hasLooked() ? undefined : "the store was not read yet";
    },
  };
}

async function orClose(open: OpenListener, next: () => Promise<OpenListener>): Promise<OpenListener> {
  try {
    return await next();
  } catch (error) {
    await open.close();
    throw error;
  }
}

function whenAborted(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const begin = (): void => void work().then(resolve, reject);
    if (signal.aborted) begin();
    else signal.addEventListener("abort", begin, { once: true });
  });
}
