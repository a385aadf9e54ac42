// A Node process of its own, measured from outside and by what it leaves behind when it ends.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Sample } from "./measure.ts";

const execute = promisify(execFile);
const MAX_OUTPUT_BYTES = 64 * 2 ** 20;
const METER = new URL("meter.js", import.meta.url).href;

/** What one process said and took; `wallMs` is that of the whole process, its start included. */
export interface Ran {
  readonly stdout: string;
  readonly sample: Sample & Required<Pick<Sample, "cpuMs" | "peakRssBytes">>;
}

/** How a process is started, beyond its arguments. */
export interface Start {
  readonly env?: Readonly<Record<string, string>>;
  /** For this process: "--cpu-prof". */
  readonly nodeFlags?: readonly string[];
}

/**
 * Runs `node <args>` to its end.
 * @throws Error with what it wrote to stderr when it ends with another code than 0
 */
export async function runMetered(args: readonly string[], { env = {}, nodeFlags = [] }: Start = {}): Promise<Ran> {
  const folder = await mkdtemp(join(tmpdir(), "kubeferry-bench-"));
  try {
    const meterFile = join(folder, "meter.json");
    const startedAt = performance.now();
    const { stdout } = await execute(process.execPath, ["--import", METER, ...nodeFlags, ...args], {
      env: { ...process.env, NODE_OPTIONS: "", ...env, KUBEFERRY_BENCH_METER: meterFile },
      maxBuffer: MAX_OUTPUT_BYTES,
    });
    const wallMs = performance.now() - startedAt;
    const metered = JSON.parse(await readFile(meterFile, "utf8")) as { cpuMs: number; peakRssBytes: number };
    return { stdout, sample: { wallMs, ...metered } };
  } finally {
    await rm(folder, { recursive: true });
  }
}
