import { randomUUID } from "node:crypto";
import type { Call } from "@kubeferry/model";
import type { Config, LoadedConfig, Setting } from "@kubeferry/shared-config";
import { createLog, openTraces, processNotifications, type RootLog, type Traces } from "@kubeferry/telemetry";
import type { CommonArguments } from "../commands/options.ts";
import { channelsOf } from "../notify/channels-of.ts";
import { createTelling, type Telling } from "../notify/telling.ts";
import { toolVersion } from "../version.ts";
import { loadConfiguration } from "./load-configuration.ts";
import { listenForStop } from "./stop-signal.ts";

/** What every command that reads a configuration works with. */
export interface Session {
  /** All that was read. */
  readonly loaded: LoadedConfig;
  readonly config: Config;
  /** One whole configuration for each configured cluster; without `clusters`, `config` alone. */
  readonly clusters: readonly Config[];
  /** Its span is the command's; every line of its log carries the trace's id. */
  readonly call: Call;
  readonly traces: Traces;
  /** Whether the command was begun on behalf of somebody's span: then its work stays in that trace. */
  readonly isContinued: boolean;
  readonly runId: string;
  /** By the clock of `performance.now()`. */
  readonly startedMs: number;
  /** "json": machines read stderr, and nothing but log lines may stand there. */
  readonly logFormat: RootLog["format"];
  /** Security settings left at their default; said once by the commands they matter to. */
  readonly warnings: readonly string[];
  /** Old keys that are not used, and why; said once, like the warnings. */
  readonly notices: readonly string[];
  /** Every value, and where it was written. */
  readonly settings: readonly Setting[];
  /** Tells people how runs end. */
  readonly telling: Telling;
  /** The name of the signal that asked for the stop, once one has. */
  stoppedBy(): NodeJS.Signals | undefined;
  /** Settles when every span is sent, or given up, and every log line is written. */
  close(): Promise<void>;
}

/** How long the end of a command waits for whoever collects spans. */
const LAST_SPANS_MS = 5_000;
/** Of one that was told to stop: with lease and metrics, which get as long, it ends within ten seconds after `shutdownTimeout`. */
const LAST_SPANS_WHEN_STOPPED_MS = 3_000;

/**
 * Reads the configuration, begins the command's trace, opens the log on stderr and listens for SIGTERM and SIGINT.
 * `TRACEPARENT` in the environment is what the command is done on behalf of.
 * @throws ConfigError
 */
export async function openSession(args: CommonArguments, component: string): Promise<Session> {
  const startedMs = performance.now();
  const loaded = await loadConfiguration(args);
  const { config, clusters, warnings, notices, settings } = loaded;
  const runId = randomUUID();
  const traces = await openTraces(config.tracing, process.env, { version: toolVersion() });
  const parent = process.env.TRACEPARENT;
  const span = traces.start(`kubeferry ${component}`, { parent, attributes: { run_id: runId } });
  const log = createLog({ ...config.log, component, fields: { run_id: runId, trace_id: span.traceId } });
  processNotifications.expect(channelsOf(config));
  const stop = listenForStop(config.shutdownTimeout, log);
  const close = async (): Promise<void> => {
    stop.close();
    span.end();
    const trouble = await traces.close(stop.stoppedBy() === undefined ? LAST_SPANS_MS : LAST_SPANS_WHEN_STOPPED_MS);
    if (trouble !== undefined) log.warn("spans could not be sent", { operation: "tracing", ...trouble });
    return log.close();
  };
  return {
    loaded,
    config,
    clusters,
    call: { signal: stop.signal, deadline: stop.deadline, log, span },
    traces,
    isContinued: parent?.includes(span.traceId) === true,
    runId,
    startedMs,
    logFormat: log.format,
    warnings,
    notices,
    settings,
    telling: createTelling(),
    stoppedBy: stop.stoppedBy,
    close,
  };
}
