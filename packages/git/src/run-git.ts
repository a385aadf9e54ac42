import { Buffer } from "node:buffer";
import { Readable } from "node:stream";
import type { Call } from "@kubeferry/model";
import { type SimpleGit, GitError as SimpleGitError, type SimpleGitOptions, simpleGit } from "simple-git";
import { type Setting, withSettings } from "./git-environment.ts";
import { failureOf, missingGit } from "./git-failure.ts";
import { type RunningGit, startGit } from "./running-git.ts";
import { readSshWords } from "./ssh/ssh-words.ts";

/** One command for git. */
interface GitCommand {
  /** For people, in errors: "fetch branch main". */
  readonly operation: string;
  readonly args: readonly string[];
  readonly input?: string;
  /** Added to the environment of this command: GIT_AUTHOR_NAME and the like. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Settings of git for this command, beside ours for every command. */
  readonly settings?: readonly Setting[];
  /** True where git talks to the remote, or may have to: a clone without blobs reads them from there. */
  readonly remote?: true;
}

/** Runs git in one folder with one environment. */
export interface Git {
  /** @returns stdout as text
   * @throws GitError; GitExit where `expectExit` is used; the signal's reason when the call was aborted */
  text(command: GitCommand, call: Call): Promise<string>;
  /** As `text`, bytes as git wrote them. */
  bytes(command: GitCommand, call: Call): Promise<Buffer>;
  /** As `text`, but hands an exit other than 0 back instead of throwing. */
  attempt(command: GitCommand, call: Call): Promise<GitAnswer>;
  /** Starts a git that is talked to while it runs, and that stays on this machine. @param variables as of a command */
  start(args: readonly string[], variables?: Readonly<Record<string, string>>): RunningGit;
}

/** How a command ended. `exitCode` is null for a git that was killed. */
interface GitAnswer {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A git that ended with something else than 0; turned into a GitError before anybody outside sees it. */
class GitExit extends SimpleGitError {
  readonly answer: GitAnswer;

  constructor(answer: GitAnswer) {
    super(undefined, `git exited with ${answer.exitCode}`);
    this.answer = answer;
  }
}

/** Where and how git runs. */
export interface GitPlace {
  readonly folder: string;
  /** The longest a single git command may take. */
  readonly timeoutMs: number;
  /** What git is given when it stays on this machine. */
  readonly local: Readonly<Record<string, string>>;
  /** What it is given for the remote; asked before each such command. */
  readonly remote: (call: Call) => Promise<RemoteAccess>;
}

/** How one command reaches the remote. */
interface RemoteAccess {
  readonly environment: Readonly<Record<string, string>>;
  /** Credentials that a server might send back: they are taken out of what git printed. */
  readonly secrets: readonly string[];
}

/**
 * Creates the one way by which this package calls git: through simple-git, with its guards kept on, save for what is
 * talked to while it runs.
 */
export function createGit(place: GitPlace): Git {
  return {
    text: async (command, call) => (await run(place, command, call)).toString("utf8"),
    bytes: (command, call) => run(place, command, call),
    async attempt(command, call) {
      try {
        return { exitCode: 0, stdout: (await exec(place, command, call)).toString("utf8"), stderr: "" };
      } catch (error) {
        if (error instanceof GitExit) return error.answer;
        throw error;
      }
    },
    start: (args, variables = {}) => startGit(args, { ...place, environment: { ...place.local, ...variables } }),
  };
}

async function run(place: GitPlace, command: GitCommand, call: Call): Promise<Buffer> {
  try {
    return await exec(place, command, call);
  } catch (error) {
    if (error instanceof GitExit) throw failureOf(command.operation, error.answer);
    throw error;
  }
}

async function exec(place: GitPlace, command: GitCommand, call: Call): Promise<Buffer> {
  call.signal.throwIfAborted();
  const { environment, secrets } = await accessFor(place, command, call);
  const timeout = AbortSignal.timeout(place.timeoutMs);
  const signal = AbortSignal.any([call.signal, timeout]);
  const variables = { ...withSettings(environment, command.settings ?? []), ...command.variables };
  const git = prepare(place.folder, { ...command, variables }, signal);
  try {
    return await stdoutOf(git, command.args);
  } catch (error) {
    call.signal.throwIfAborted();
    if (timeout.aborted) throw failureOf(command.operation, timedOut(place.timeoutMs));
    if (!(error instanceof GitExit)) throw error;
    if (isMissingProgram(error.answer)) throw missingGit(command.operation);
    throw redacted(error, secrets);
  }
}

async function accessFor(place: GitPlace, command: GitCommand, call: Call): Promise<RemoteAccess> {
  if (command.remote !== true) return { environment: place.local, secrets: [] };
  const access = await place.remote(call);
  call.signal.throwIfAborted();
  return access;
}

function redacted({ answer }: GitExit, secrets: readonly string[]): GitExit {
  const redact = (text: string) => secrets.reduce((shown, secret) => shown.replaceAll(secret, "***"), text);
  return new GitExit({ ...answer, stdout: redact(answer.stdout), stderr: redact(answer.stderr) });
}

function timedOut(timeoutMs: number): GitAnswer {
  return { exitCode: null, stdout: "", stderr: `fatal: Operation timed out after ${timeoutMs / 1000} seconds` };
}

// simple-git hands bytes out only through its own `cat-file`; all else is text.
async function stdoutOf(git: SimpleGit, args: readonly string[]): Promise<Buffer> {
  if (args[0] === "cat-file") return (await git.binaryCatFile(args.slice(1))) as Buffer;
  return Buffer.from(await git.raw([...args]), "utf8");
}

function prepare(folder: string, command: GitCommand, signal: AbortSignal): SimpleGit {
  const environment = { ...command.variables };
  const options: Partial<SimpleGitOptions> = {
    baseDir: folder,
    abort: signal,
    // Every variable is ours, built in git-environment.ts; what this process has inherited does not get here.
    allowEnvironment: Object.keys(environment),
    unsafe: {
      allowUnsafeAskPass: true,
      allowUnsafeConfigEnvCount: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeHooksPath: true,
      allowUnsafeSshCommand: true,
    },
    errors: exitAsError,
    ...(command.input === undefined ? {} : { input: () => command.input }),
  };
  return simpleGit(options)
    .env(environment)
    .outputHandler((_git, ...pipes) => closeWhenAborted(pipes.slice(0, 2), signal));
}

/**
 * What git has started (git-remote-https) outlives a git that is killed, and keeps its pipes open for as long as a server
 * does not answer: this process would wait for that.
 */
function closeWhenAborted(pipes: readonly unknown[], signal: AbortSignal): void {
  const close = (): void => {
    for (const pipe of pipes) if (pipe instanceof Readable) pipe.destroy();
  };
  signal.addEventListener("abort", close, { once: true });
}

// simple-git takes an exit other than 0 without stderr, and a git that was killed, for a success; and it throws
// stdout and stderr together as one text.
function exitAsError(
  error: Buffer | Error | undefined,
  result: { exitCode: number | null; stdOut: Buffer[]; stdErr: Buffer[] },
): Error | undefined {
  if (result.exitCode === 0) return error instanceof Error ? error : undefined;
  return new GitExit({
    exitCode: result.exitCode,
    stdout: Buffer.concat(result.stdOut).toString("utf8"),
    stderr: readSshWords(Buffer.concat(result.stdErr).toString("utf8")),
  });
}

function isMissingProgram(answer: GitAnswer): boolean {
  return /spawn \S+ (ENOENT|EACCES)/.test(answer.stderr);
}
