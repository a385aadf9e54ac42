import { Buffer } from "node:buffer";
import type { Call } from "@kubeferry/model";
import { type SimpleGit, GitError as SimpleGitError, type SimpleGitOptions, simpleGit } from "simple-git";
import { failureOf, missingGit } from "./git-failure.ts";

/** One command for git. */
interface GitCommand {
  /** For people, in errors: "fetch branch main". */
  readonly operation: string;
  readonly args: readonly string[];
  readonly input?: string;
  /** Added to the environment of this command: GIT_AUTHOR_NAME and the like. */
  readonly variables?: Readonly<Record<string, string>>;
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
  readonly environment: Readonly<Record<string, string>>;
  /** The longest a single git command may take. */
  readonly timeoutMs: number;
  /** Takes credentials out of what git printed, should a server send them back. */
  readonly redact: (text: string) => string;
}

/** Creates the one way by which this package calls git: through simple-git, with its guards kept on. */
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
  const timeout = AbortSignal.timeout(place.timeoutMs);
  const git = prepare(place, command, AbortSignal.any([call.signal, timeout]));
  try {
    return await stdoutOf(git, command.args);
  } catch (error) {
    call.signal.throwIfAborted();
    if (timeout.aborted) throw failureOf(command.operation, timedOut(place.timeoutMs));
    if (!(error instanceof GitExit)) throw error;
    if (isMissingProgram(error.answer)) throw missingGit(command.operation);
    throw redacted(error, place);
  }
}

function redacted({ answer }: GitExit, { redact }: GitPlace): GitExit {
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

function prepare(place: GitPlace, command: GitCommand, signal: AbortSignal): SimpleGit {
  const environment = { ...place.environment, ...command.variables };
  const options: Partial<SimpleGitOptions> = {
    baseDir: place.folder,
    abort: signal,
    // Every variable is ours, built in git-environment.ts; what this process has inherited does not get here.
    allowEnvironment: Object.keys(environment),
    unsafe: {
      allowUnsafeConfigEnvCount: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeHooksPath: true,
      allowUnsafeSshCommand: true,
    },
    errors: exitAsError,
    ...(command.input === undefined ? {} : { input: () => command.input }),
  };
  return simpleGit(options).env(environment);
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
    stderr: Buffer.concat(result.stdErr).toString("utf8"),
  });
}

function isMissingProgram(answer: GitAnswer): boolean {
  return /spawn \S+ (ENOENT|EACCES)/.test(answer.stderr);
}
