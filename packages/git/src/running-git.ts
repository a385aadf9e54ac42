import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { Call } from "@kubeferry/model";
import { type FailedAnswer, failureOf } from "./git-failure.ts";

/** A git that takes input and gives output for as long as it runs. It stays on this machine: it is given no credential. */
export interface RunningGit {
  /** What it cannot take any more goes nowhere; how it ended says why. */
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** How it ended; never rejects. */
  readonly ended: Promise<FailedAnswer>;
  /**
   * Waits until it ended by itself.
   * @throws GitError for an exit other than 0, and after the configured time; the signal's reason when the call was
   *   aborted. It has ended then.
   */
  finish(operation: string, call: Call): Promise<void>;
  /** Ends it, by force where it does not listen, and waits for that. */
  stop(): Promise<void>;
}

/** How long one that was told to end may take to put away what it had begun. */
const ENDING_MS = 5_000;

/** Where and how it runs. */
export interface RunningPlace {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The longest that `finish` waits. */
  readonly timeoutMs: number;
}

/** Beside simple-git, which hands everything over in one piece: these take and give more than memory should hold. */
export function startGit(args: readonly string[], { folder, environment, timeoutMs }: RunningPlace): RunningGit {
  const child = spawn("git", [...args], { cwd: folder, env: { ...environment }, stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.on("error", () => undefined);
  const stderr = firstOf(child.stderr);
  const ended = new Promise<FailedAnswer>((resolve) => {
    child.once("error", (error) => resolve({ exitCode: null, stdout: "", stderr: error.message }));
    child.once("close", (exitCode) => resolve({ exitCode, stdout: "", stderr: stderr() }));
  });
  const endByForce = (): void => {
    child.kill("SIGKILL");
    // What it started may hold them open.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const kill = (): void => {
    child.kill();
    const timer = setTimeout(endByForce, ENDING_MS);
    void ended.then(() => clearTimeout(timer));
  };
  const stop = async (): Promise<void> => {
    kill();
    await ended;
  };
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    ended,
    async finish(operation, call) {
      const timeout = AbortSignal.timeout(timeoutMs);
      const signal = AbortSignal.any([call.signal, timeout]);
      signal.addEventListener("abort", kill, { once: true });
      if (signal.aborted) kill();
      const answer = await ended;
      signal.removeEventListener("abort", kill);
      call.signal.throwIfAborted();
      if (answer.exitCode !== 0) throw failureOf(operation, answer);
    },
    stop,
  };
}

/** More than any message of git; the rest is read and forgotten. */
const KEPT_CHARACTERS = 65_536;

function firstOf(stderr: Readable): () => string {
  const kept = { text: "" };
  stderr.setEncoding("utf8").on("data", (text: string) => {
    kept.text += text.slice(0, KEPT_CHARACTERS - kept.text.length);
  });
  return () => kept.text;
}
