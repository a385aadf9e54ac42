import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../processes/ports.ts";
import { isPortClash, startProcess } from "../processes/start.ts";
import type { Run } from "../runs/run.ts";

const timeoutMs = 60_000;
const startAttempts = 3;

/** What a Prometheus of a test scrapes. */
export interface PrometheusOptions {
  /** "127.0.0.1:9091"; what they expose keeps its own labels, as behind a Pushgateway. */
  readonly targets: readonly string[];
  readonly scrapeIntervalMs: number;
  /** Absolute paths of files of rules, which are looked at as often as the target is. */
  readonly ruleFiles?: readonly string[];
}

/** Starts a Prometheus. @returns its URL */
export function startPrometheus(run: Run, name: string, options: PrometheusOptions): Promise<string> {
  return onFreePort(async (port) => {
    const dataFolder = join(run.folder, name);
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    const config = join(dataFolder, "prometheus.json");
    writeFileSync(config, JSON.stringify(scrapeConfig(options)), { mode: 0o600 });
    await start(run, name, port, {
      command: "prometheus",
      args: [`--config.file=${config}`, `--storage.tsdb.path=${join(dataFolder, "data")}`],
    });
  });
}

/** Starts a Pushgateway that keeps nothing on disk. @returns its URL */
export function startPushgateway(run: Run, name: string): Promise<string> {
  // Debian's remembers what was pushed to an earlier one unless told otherwise.
  return onFreePort((port) =>
    start(run, name, port, { command: "prometheus-pushgateway", args: ["--persistence.file="] }),
  );
}

/** JSON is YAML. */
function scrapeConfig({ targets, scrapeIntervalMs, ruleFiles = [] }: PrometheusOptions): object {
  const interval = `${scrapeIntervalMs}ms`;
  return {
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    rule_files: ruleFiles,
    scrape_configs: [{ job_name: "test", honor_labels: true, static_configs: [{ targets }] }],
  };
}

async function start(
  run: Run,
  name: string,
  port: number,
  { command, args }: { readonly command: string; readonly args: readonly string[] },
): Promise<void> {
  const address = `127.0.0.1:${port}`;
  await startProcess(run, {
    name,
    command,
    args: [...args, `--web.listen-address=${address}`, "--log.level=warn"],
    dataFolder: join(run.folder, name),
    isReady: async (signal) => (await fetch(`http://${address}/-/ready`, { signal })).ok,
    timeoutMs,
  });
}

async function onFreePort(startOn: (port: number) => Promise<void>): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      await startOn(port);
      return `http://127.0.0.1:${port}`;
    } catch (error) {
      if (attempt === startAttempts || !isPortClash(error)) throw error;
    }
  }
}
