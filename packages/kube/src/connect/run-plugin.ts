import { Buffer } from "node:buffer";
import { type ChildProcess, spawn } from "node:child_process";

/** A program to run. */
export interface PluginCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

/** What it printed, or why that is of no use. */
export type PluginEnd = { readonly output: string } | { readonly problem: string };

/** One that waits for a person would wait for ever here. */
const TIMEOUT_MS = 60_000;
/** A token, a certificate and a key are a few kilobytes. */
const MAX_OUTPUT_BYTES = 1024 * 1024;
const MAX_WORDS = 300;
/** Something it left running in the background may hold its output open for ever. */
const OPEN_AFTER_EXIT_MS = 1_000;

/**
 * Runs a login program without a terminal. It gets a process group of its own, so that what it started ends with it.
 * @throws the signal's reason when that stops it
 */
export async function runPlugin(
  { command, args, environment }: PluginCommand,
  signal: AbortSignal,
  timeoutMs = TIMEOUT_MS,
): Promise<PluginEnd> {
  const limit = AbortSignal.timeout(timeoutMs);
  const stop = AbortSignal.any([signal, limit]);
  stop.throwIfAborted();
  const child = spawn(command, args, {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  const onStop = () => killWithChildren(child);
  stop.addEventListener("abort", onStop, { once: true });
  try {
    const end = await endOf(child);
    signal.throwIfAborted();
    return limit.aborted ? { problem: `it gave no answer in ${timeoutMs / 1_000} s` } : end;
  } finally {
    stop.removeEventListener("abort", onStop);
  }
}

function endOf(child: ChildProcess): Promise<PluginEnd> {
  const [output, words] = [gather(child, child.stdout), gather(child, child.stderr)];
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ problem: problemOf(error) }));
    child.once("exit", () => setTimeout(() => closeOutput(child), OPEN_AFTER_EXIT_MS).unref());
    child.once("close", (code) => {
      if (output.tooLarge || words.tooLarge) resolve({ problem: `it printed more than ${MAX_OUTPUT_BYTES} bytes` });
      else if (code === 0) resolve({ output: output.text() });
      else resolve({ problem: wordsOf(words.text()) });
    });
  });
}

interface Gathered {
  readonly tooLarge: boolean;
  text(): string;
}

function gather(child: ChildProcess, stream: ChildProcess["stdout"]): Gathered {
  const chunks: Buffer[] = [];
  let size = 0;
  stream?.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MAX_OUTPUT_BYTES) chunks.push(chunk);
    else killWithChildren(child);
  });
  return {
    get tooLarge() {
      return size > MAX_OUTPUT_BYTES;
    },
    text: () => Buffer.concat(chunks).toString("utf8"),
  };
}

function killWithChildren(child: ChildProcess): void {
  closeOutput(child);
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended in the meantime, which is all that is wanted.
  }
}

function closeOutput(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
}

function problemOf(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "the program is not there";
  return `it cannot be run (${error.code ?? error.name})`;
}

/** What a plugin says on stderr is for people. */
function wordsOf(text: string): string {
  const words = text
    .replace(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, MAX_WORDS);
  return words === "" ? "it failed and said nothing" : `it failed: ${words}`;
}
