import { randomUUID } from "node:crypto";
import type { Call } from "@kubeferry/model";
import type { Config, Setting } from "@kubeferry/shared-config";
import { createLog, type RootLog } from "@kubeferry/telemetry";
import type { CommonArguments } from "../commands/options.ts";
import { loadConfiguration } from "./load-configuration.ts";
import { stopSignal } from "./stop-signal.ts";

/** What every command that reads a configuration works with. */
export interface Session {
  readonly config: Config;
  /** One whole configuration for each configured cluster; without `clusters`, `config` alone. */
  readonly clusters: readonly Config[];
  readonly call: Call;
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
  /** The name of the signal that asked for the stop, once one has. */
  stoppedBy(): NodeJS.Signals | undefined;
  /** Settles when every log line is written. */
  close(): Promise<void>;
}

/** Reads the configuration, opens the log on stderr and listens for SIGTERM and SIGINT. @throws ConfigError */
export async function openSession(args: CommonArguments, component: string): Promise<Session> {
  const startedMs = performance.now();
  const { config, clusters, warnings, notices, settings } = await loadConfiguration(args);
  const runId = randomUUID();
  const log = createLog({ ...config.log, component, fields: { run_id: runId } });
  const stop = stopSignal();
  const close = (): Promise<void> => {
    stop.close();
    return log.close();
  };
  return {
    config,
    clusters,
    call: { signal: stop.signal, log },
    runId,
    startedMs,
    logFormat: log.format,
    warnings,
    notices,
    settings,
    stoppedBy: stop.stoppedBy,
    close,
  };
}
