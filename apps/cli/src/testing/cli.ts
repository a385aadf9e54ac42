import { spawn } from "node:child_process";
import { bundled } from "./bundled.ts";

/** What a run of the command line left behind. */
export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is run. */
export interface CliOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** A command that is under way. */
export interface StartedCli {
  readonly ended: Promise<CliResult>;
  kill(signal: NodeJS.Signals): void;
  /** Settles once stderr matches; rejects when the command ends before. @returns what matched */
  says(text: RegExp): Promise<RegExpExecArray>;
}

/** Runs `kubeferry` as a user does: a process of its own, its own environment; bundled, which saves half of its start. */
export async function kubeferry(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return (await startKubeferry(args, options)).ended;
}

/** Starts `kubeferry` as a user does. */
export async function startKubeferry(args: readonly string[], options: CliOptions = {}): Promise<StartedCli> {
  const script = await bundled("kubeferry");
  const child = spawn(process.execPath, [script, ...args], {
    cwd: options.cwd ?? process.cwd(),
    env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...sharedByTheRun(), ...options.env },
    stdio: "pipe",
  });
  child.stdin.end(options.input);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString("utf8");
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, stdout: text(out), stderr: text(err) }));
  });
  return {
    ended,
    kill: (signal) => void child.kill(signal),
    says: (wanted) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = wanted.exec(text(err));
          if (found !== null) resolve(found);
        };
        child.stderr.on("data", look);
        child.once("close", () => reject(new Error(`it ended without saying ${wanted}\n${text(err)}`)));
        look();
      }),
  };
}

/**
 * Environment of the processes of a test run: what one has compiled the next one need not; what they leave in the temporary
 * folder goes with the run; and under `--coverage` they write what they ran, too: `npm run coverage:cli` adds it up.
 */
export function sharedByTheRun(): Readonly<Record<string, string>> {
  const { NODE_COMPILE_CACHE: compiled, TMPDIR: temporary, KUBEFERRY_COVERAGE: covered } = process.env;
  return {
    ...(temporary === undefined ? {} : { TMPDIR: temporary }),
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
