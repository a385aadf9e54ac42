import type { BackupCompletedEvent } from "@kubeferry/announce";
import { type Call, KubeferryError } from "@kubeferry/model";
import { redactText } from "@kubeferry/telemetry";
import type { ServeClock } from "../clock.ts";
import type { ServeSettings } from "../settings.ts";
import { type GatheredCalls, NO_CALLS } from "./gathered-calls.ts";
import { retryInMs } from "./retry.ts";
import { createRunHistory } from "./run-history.ts";
import { createRunQueue, type QueuedRun } from "./run-queue.ts";
import type { RunOutcome, RunRequest } from "./run-request.ts";
import type { RunsDocument, ServedRun } from "./runs-document.ts";
import { createStandstill, type World } from "./standstill.ts";

/** What the loop is made of. */
export interface RunLoopOptions {
  readonly current: () => Pick<ServeSettings, "intervalMs" | "quietPeriodMs">;
  /** @throws KubeferryError "stuck" for one that may still be at work: no other may begin beside it */
  readonly run: (request: RunRequest) => Promise<RunOutcome>;
  readonly world: World;
  readonly clock: ServeClock;
  readonly newId: () => string;
  /** How long a run may go on after the receiver was told to go. */
  readonly shutdownTimeoutMs: number;
}

/** Runs stage 2, one run at a time. */
export interface RunLoop {
  /** Settles at once: a run will answer the call. */
  onCall(event: BackupCompletedEvent): void;
  /** True once the store was looked at. */
  hasLooked(): boolean;
  document(): RunsDocument;
  /**
   * Runs at the start, at calls and by the interval; settles after the abort, with the run that was under way.
   * @throws KubeferryError "stuck" of a run
   */
  run(call: Call): Promise<void>;
}

export function createRunLoop(options: RunLoopOptions): RunLoop {
  const { current, run, world, clock, newId, shutdownTimeoutMs } = options;
  const queue = createRunQueue(clock);
  const history = createRunHistory();
  const standstill = createStandstill(world, clock);
  const state = { looked: false, failures: 0 };

  async function perform(next: QueuedRun, call: Call): Promise<void> {
    const { trigger, calls } = next;
    const id = newId();
    history.add(begun(next, id, clock.now()));
    const log = { operation: "serve", trigger, calls: calls.count, run: id } as const;
    const stopping = stopLater(call.signal, shutdownTimeoutMs);
    try {
      const own = { ...call, signal: stopping.signal };
      if (!(await standstill.mayHaveMoved(own))) {
        end({ status: "unchanged" });
        call.log.info("nothing is new", { ...log, status: "unchanged" });
      } else {
        call.log.info("run begins", log);
        const [traceparent, ...links] = calls.traceparents;
        const outcome = await run({ id, trigger, traceparent, links, signal: stopping.signal });
        end(endOf(outcome));
        call.log.info("run ended", { ...log, status: outcome.report.status });
        if (!call.signal.aborted) await standstill.ended(outcome.report, own);
      }
      state.failures = 0;
      planNext(undefined, NO_CALLS);
    } catch (error) {
      // Also when it failed by itself after that: nobody is there to see the next one.
      const status = call.signal.aborted ? "interrupted" : "failed";
      end({ status, error: textOf(error) });
      if (isStuck(error)) throw error;
      state.failures += 1;
      const nextInMs = planNext(error, calls);
      call.log.warn("run did not end well", { ...log, status, nextInMs, error });
    } finally {
      stopping.end();
    }
  }

  function end(more: Partial<ServedRun>): void {
    history.update({ ...more, finishedAt: clock.now().toISOString() });
  }

  /** @returns when the next run comes that nobody calls for */
  function planNext(error: unknown, unanswered: GatheredCalls): number {
    const { intervalMs } = current();
    const retryMs = error === undefined ? undefined : retryInMs(error, state.failures, { intervalMs, ...clock });
    // Earlier by chance, never later: the interval is what a lost call costs at most.
    const waitMs = retryMs ?? Math.round(intervalMs * (1 - clock.random() / 10));
    queue.schedule(retryMs === undefined ? "interval" : "retry", waitMs, unanswered);
    return waitMs;
  }

  return {
    onCall: (event) => queue.call(event, current().quietPeriodMs),
    hasLooked: () => state.looked,
    document: () => ({ format: 1, next: describeNext(queue.peek(), clock), runs: history.list() }),
    async run(call) {
      queue.schedule("start", 0);
      state.looked = await firstLook(options, call);
      for (let next = await queue.take(call.signal); next !== undefined; next = await queue.take(call.signal))
        await perform(next, call);
    },
  };
}

/** Of a run that was given up, and did not end. */
function isStuck(error: unknown): boolean {
  return error instanceof KubeferryError && error.kind === "stuck";
}

/** Nobody calls a receiver that is not ready, so that it soon sees a key that was mended. */
const UNREADY_LOOK_MS = 60_000;

/**
 * What one cluster's snapshot can be like, in a store that answers. It is the runs that fail of it, and tell: a receiver
 * that is not ready for it would be out of its Service for every other cluster, too.
 */
const OF_A_SNAPSHOT: ReadonlySet<string> = new Set([
  "no-snapshot",
  "damaged",
  "untrusted",
  "wrong-cluster",
  "newer-format",
]);

/** Until the store answers. @returns false when it was stopped first */
async function firstLook({ world, clock, current }: RunLoopOptions, call: Call): Promise<boolean> {
  for (let failures = 1; !call.signal.aborted; failures++) {
    try {
      await world.snapshots(call);
      return true;
    } catch (error) {
      if (error instanceof KubeferryError && OF_A_SNAPSHOT.has(error.kind)) return true;
      if (call.signal.aborted) return false;
      const { intervalMs } = current();
      const nextInMs = Math.min(retryInMs(error, failures, { intervalMs, ...clock }) ?? intervalMs, UNREADY_LOOK_MS);
      call.log.error("the store cannot be read, so that it is not ready", { operation: "serve", nextInMs, error });
      await clock.sleep(nextInMs, call.signal);
    }
  }
  return false;
}

/** A signal that follows another one after a time; a run that ends by itself meanwhile is not cut off. */
function stopLater(asked: AbortSignal, afterMs: number): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const onStop = (): void => {
    timers.push(setTimeout(() => controller.abort(asked.reason), afterMs));
  };
  if (asked.aborted) onStop();
  else asked.addEventListener("abort", onStop, { once: true });
  return {
    signal: controller.signal,
    end() {
      asked.removeEventListener("abort", onStop);
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

function begun({ trigger, calls, queuedAt }: QueuedRun, id: string, now: Date): ServedRun {
  return {
    id,
    trigger,
    calls: calls.count,
    clusters: calls.clusters,
    queuedAt: queuedAt.toISOString(),
    startedAt: now.toISOString(),
    finishedAt: null,
    status: "running",
    snapshots: [],
    commit: "",
    requests: [],
    traceId: null,
    error: null,
  };
}

function endOf({ report, traceId }: RunOutcome): Partial<ServedRun> {
  const problem = report.requests.find(({ error }) => error !== undefined)?.error;
  return {
    status: report.status,
    snapshots: report.snapshot === "" ? [] : report.snapshot.split(", "),
    commit: report.commit,
    requests: report.requests.flatMap(({ url }) => url ?? []),
    traceId: traceId ?? null,
    error: problem === undefined ? null : redactText(problem),
  };
}

/** What is told outside goes past the log, and so past the log's redaction. */
function textOf(error: unknown): string {
  return redactText(error instanceof Error ? error.message : String(error));
}

function describeNext(next: QueuedRun | undefined, clock: ServeClock): RunsDocument["next"] {
  if (next === undefined) return null;
  const { trigger, calls, queuedAt, dueMs } = next;
  const dueAt = new Date(clock.now().getTime() + Math.max(0, dueMs - clock.monotonicMs()));
  return {
    trigger,
    calls: calls.count,
    clusters: calls.clusters,
    queuedAt: queuedAt.toISOString(),
    dueAt: dueAt.toISOString(),
  };
}
