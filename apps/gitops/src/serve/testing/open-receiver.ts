import { randomUUID } from "node:crypto";
import type { LogFields, Secret } from "@kubeferry/model";
import { onTestFinished } from "vitest";
import { systemClock } from "../clock.ts";
import { createReceiver, type ReceiverOptions } from "../receiver.ts";
import type { RunRequest } from "../runs/run-request.ts";
import type { RunsDocument } from "../runs/runs-document.ts";
import type { ServeSettings } from "../settings.ts";
import { CALL_PATH } from "../webhook/open-webhook.ts";
import { freshKey } from "./calls.ts";
import { completedReport } from "./completed-report.ts";

/** A line of the receiver's log. */
interface LogEntry extends LogFields {
  readonly level: "info" | "warn" | "error";
  readonly message: string;
}

/** A receiver on loopback, whose runs are recorded. */
export interface TestReceiver {
  /** Where calls go. */
  readonly url: string;
  readonly webhook: string;
  readonly inner: string;
  readonly key: Secret;
  readonly runs: readonly RunRequest[];
  readonly log: readonly LogEntry[];
  document(): Promise<RunsDocument>;
  /** Tells it to go; settles when it is gone. */
  stop(): Promise<{ readonly cutOff: boolean }>;
}

type Overrides = Partial<Omit<ReceiverOptions, "webhook" | "current">> & {
  readonly tls?: ReceiverOptions["webhook"]["tls"];
  readonly settings?: Partial<ServeSettings>;
};

/** Opens one, ready unless its store is not; it goes with the test. */
export async function openReceiver({ tls, settings, ...overrides }: Overrides = {}): Promise<TestReceiver> {
  const key = freshKey();
  const runs: RunRequest[] = [];
  const log: LogEntry[] = [];
  const note = (level: LogEntry["level"]) => (message: string, fields?: LogFields) => {
    log.push({ ...fields, level, message });
  };
  const stopped = new AbortController();
  const call = {
    signal: stopped.signal,
    log: { debug: () => undefined, info: note("info"), warn: note("warn"), error: note("error") },
  };
  const anywhere = { host: "127.0.0.1", port: 0, configuredBy: "test" };
  const run = overrides.run ?? (async () => ({ report: completedReport() }));
  const receiver = await createReceiver(
    {
      inner: anywhere,
      world: { snapshots: async () => "one", branches: async () => undefined },
      shutdownTimeoutMs: 0,
      clock: systemClock,
      newId: randomUUID,
      ...overrides,
      webhook: { ...anywhere, ...(tls === undefined ? {} : { tls }) },
      current: () => ({ ...SETTINGS, keys: [key], ...settings }),
      run(request) {
        runs.push(request);
        return run(request);
      },
    },
    call,
  );
  const { webhook, inner } = receiver.addresses;
  const ended = receiver.run();
  const stop = () => {
    stopped.abort(new Error("told to stop"));
    return ended;
  };
  onTestFinished(async () => void (await stop()));
  const document = async () => (await (await fetch(`${inner}/v1/runs`)).json()) as RunsDocument;
  return { url: `${webhook}${CALL_PATH}`, webhook, inner, key, runs, log, document, stop };
}

const SETTINGS: Omit<ServeSettings, "keys"> = {
  toleranceMs: 300_000,
  maxBodyBytes: 65_536,
  callsPerMinute: 10_000,
  trustedProxies: [],
  intervalMs: 900_000,
  quietPeriodMs: 0,
};
