// Work in a process of its own, so that its time and memory are its own.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { peakMemoryBytes } from "@kubeferry/model";
import type { Sample } from "./measure.ts";

const execute = promisify(execFile);
const MAX_OUTPUT_BYTES = 16 * 2 ** 20;

/** How a child is started, beyond its argument. */
interface ChildStart {
  /** For this process: "--cpu-prof", "--max-semi-space-size=4". */
  readonly nodeFlags?: readonly string[];
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs `bench/children/<name>.ts`, which ends with `report`. It imports what `npm run build` made, as users do, unless
 * KUBEFERRY_BENCH_SOURCE is set.
 * @throws Error with what it wrote to stderr when it fails
 */
export async function runChild(
  name: string,
  argument: unknown,
  { nodeFlags = [], env = {} }: ChildStart = {},
): Promise<Sample> {
  const file = fileURLToPath(new URL(`../children/${name}.ts`, import.meta.url));
  const source = process.env.KUBEFERRY_BENCH_SOURCE === undefined ? [] : ["--conditions=kubeferry-source"];
  const flags = [...source, ...nodeFlags];
  const environment = { ...process.env, NODE_OPTIONS: "", ...env };
  const { stdout } = await execute(process.execPath, [...flags, file, JSON.stringify(argument)], {
    env: environment,
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  return JSON.parse(stdout) as Sample;
}

/** In a child: what `runChild` was called with. */
export function argument<Argument>(): Argument {
  return JSON.parse(process.argv[2] ?? "null") as Argument;
}

/** In a child: measures `work` and reports it, with the memory of the whole process. */
export async function report(work: () => Promise<Readonly<Record<string, number>> | undefined>): Promise<void> {
  const startedAt = performance.now();
  const startedCpu = process.cpuUsage();
  const counts = await work();
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(startedCpu);
  const sample = { wallMs, cpuMs: (user + system) / 1_000, peakRssBytes: peakMemoryBytes(), counts: counts ?? {} };
  process.stdout.write(JSON.stringify(sample));
}
