import { spawn } from "node:child_process";
import { bundled } from "./bundled.ts";

/** What a run of the command line left behind. */
export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `kubeferry` as a user does: a process of its own, its own environment; bundled, which saves half of its start. */
export async function kubeferry(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>>; readonly input?: string } = {},
): Promise<CliResult> {
  const script = await bundled("kubeferry");
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: options.cwd ?? process.cwd(),
      env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...sharedByTheRun(), ...options.env },
      stdio: "pipe",
    });
    child.stdin.end(options.input);
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString("utf8");
      resolve({ code, signal, stdout: text(out), stderr: text(err) });
    });
  });
}

/**
 * Environment of the processes of a test run: what one has compiled the next one need not; and under `--coverage` they
 * write what they ran, too: `npm run coverage:cli` adds it up.
 */
export function sharedByTheRun(): Readonly<Record<string, string>> {
  const { NODE_COMPILE_CACHE: compiled, KUBEFERRY_COVERAGE: covered } = process.env;
  return {
    ...(compiled === undefined ? {} : { NODE_COMPILE_CACHE: compiled }),
    ...(covered === undefined ? {} : { NODE_V8_COVERAGE: covered }),
  };
}

/** The one JSON document that a command wrote to stdout. */
export function jsonOf<T>(result: CliResult): T {
  try {
    return JSON.parse(result.stdout) as T;
  } catch {
    throw new Error(`no JSON on stdout; exit ${result.code}\n${result.stdout}\n${result.stderr}`);
  }
}
