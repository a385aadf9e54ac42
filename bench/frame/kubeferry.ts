// The command line as it is shipped, measured from outside.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Sample } from "./measure.ts";

const execute = promisify(execFile);
const MAX_OUTPUT_BYTES = 64 * 2 ** 20;
const BIN = fileURLToPath(new URL("../../apps/cli/bin/kubeferry.js", import.meta.url));
const METER = new URL("meter.ts", import.meta.url).href;

/** What one command said and took; `wallMs` is that of the whole process, its start included. */
export interface Ran {
  readonly stdout: string;
  readonly sample: Sample;
}

/**
 * Runs a command of `npm run build`'s bundle.
 * @param nodeFlags for this process: "--cpu-prof"
 * @throws Error with what it wrote to stderr when it ends with another code than 0
 */
export async function kubeferry(
  args: readonly string[],
  {
    env = {},
    nodeFlags = [],
  }: { readonly env?: Readonly<Record<string, string>>; readonly nodeFlags?: readonly string[] },
): Promise<Ran> {
  const folder = await mkdtemp(join(tmpdir(), "kubeferry-bench-"));
  try {
    const meterFile = join(folder, "meter.json");
    const startedAt = performance.now();
    const { stdout } = await execute(process.execPath, ["--import", METER, ...nodeFlags, BIN, ...args], {
      env: { ...process.env, ...env, KUBEFERRY_BENCH_METER: meterFile },
      maxBuffer: MAX_OUTPUT_BYTES,
    });
    const wallMs = performance.now() - startedAt;
    const metered = JSON.parse(await readFile(meterFile, "utf8")) as Pick<Sample, "cpuMs" | "peakRssBytes">;
    return { stdout, sample: { wallMs, ...metered } };
  } finally {
    await rm(folder, { recursive: true });
  }
}
