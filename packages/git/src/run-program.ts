import { execFile } from "node:child_process";
import type { Call } from "@kubeferry/model";
import { GitError } from "./git-error.ts";

/** A program beside git that is run once: ssh-keygen, gpg. */
export interface Program {
  readonly name: string;
  readonly args: readonly string[];
  /** The whole environment; secrets in it belong into `hiddenText`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  /** What is missing when the program is: "OpenSSH's client". */
  readonly package: string;
}

/** How a program ended; `exitCode` is null for one that was killed. */
export interface ProgramAnswer {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const TIMEOUT_MS = 60_000;

/**
 * Runs a program without a shell and without a terminal.
 * @throws GitError "missing-git" when it is not installed; the signal's reason when the call was aborted
 */
export async function runProgram(program: Program, operation: string, call: Call): Promise<ProgramAnswer> {
  call.signal.throwIfAborted();
  const answer = await new Promise<ProgramAnswer>((resolve, reject) => {
    const options = { env: plainStrings(program.environment), timeout: TIMEOUT_MS, signal: call.signal };
    const child = execFile(program.name, [...program.args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (code === "ENOENT" || code === "EACCES") reject(missingProgram(program, operation));
      else resolve({ exitCode: typeof code === "number" ? code : null, stdout, stderr });
    });
    child.stdin?.on("error", () => undefined); // it ended without reading; its answer says why
    child.stdin?.end(program.input);
  });
  call.signal.throwIfAborted();
  return answer;
}

/** Hidden texts become what they hide, which is what `spawn` would make of them. */
function plainStrings(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value)]));
}

function missingProgram({ name, package: missing }: Program, operation: string): GitError {
  return new GitError({
    kind: "missing-git",
    who: "git",
    operation,
    problem: `there is no ${name} program on PATH`,
    next: `install ${missing}`,
  });
}
