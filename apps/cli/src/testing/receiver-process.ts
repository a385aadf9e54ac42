import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { bundled } from "./bundled.ts";
import { sharedByTheRun } from "./cli.ts";

/** A line of its log, as far as tests ask. */
interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly operation?: string;
  readonly run_id?: string;
  readonly trace_id?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** What `GET /v1/runs` says of a run, as far as tests ask. */
export interface RunRow {
  readonly id: string;
  readonly trigger: string;
  readonly status: string;
  readonly calls: number;
  readonly clusters: readonly string[];
  readonly snapshots: readonly string[];
  readonly commit: string;
  readonly requests: readonly string[];
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly traceId: string | null;
  readonly error: string | null;
}

/** `kubeferry gitops serve` as a process of its own. */
export interface ReceiverProcess {
  /** Where calls go, and where probes and people ask. */
  readonly url: string;
  readonly inner: string;
  readonly log: readonly LogLine[];
  /** The exit code, once it has ended; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Every line of its stderr so far. */
  stderr(): string;
  runs(): Promise<readonly RunRow[]>;
  /** Sends a signal and waits for the end. @returns the exit code; null when the signal ended it */
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts it and waits until it listens. Its configuration says port 0 twice: `gitops.serve.port` and `metrics.port`. */
export async function startReceiver(config: string, env: Readonly<Record<string, string>>): Promise<ReceiverProcess> {
  const child = spawn(process.execPath, [await bundled("kubeferry"), "gitops", "serve", "--config", config], {
    env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...sharedByTheRun(), ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = once(child, "close");
  const log: LogLine[] = [];
  const raw: string[] = [];
  const { url, inner } = await new Promise<{ url: string; inner: string }>((resolve, reject) => {
    createInterface({ input: child.stderr }).on("line", (text) => {
      raw.push(text);
      if (!text.startsWith("{")) return;
      const line = JSON.parse(text) as LogLine;
      log.push(line);
      if (line.message === "receiver listens") resolve(line.data as { url: string; inner: string });
    });
    ended.then(() => reject(new Error(`it ended at once\n${raw.join("\n")}`)), reject);
  });
  return {
    url: `${url}/v1/backup-complete`,
    inner,
    log,
    ended: ended.then(() => child.exitCode),
    stderr: () => raw.join("\n"),
    runs: async () => ((await (await fetch(`${inner}/v1/runs`)).json()) as { runs: RunRow[] }).runs,
    async kill(signal) {
      child.kill(signal);
      await ended;
      return child.exitCode;
    },
  };
}
