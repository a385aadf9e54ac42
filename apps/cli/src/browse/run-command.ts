import { spawn } from "node:child_process";
import { constants } from "node:os";
import { BrowseError } from "./browse-error.ts";

/**
 * Runs a program on the terminal of this one, without a shell, with KUBECONFIG set.
 *
 * Ctrl-C is the program's: the terminal sends it to both, and what it means is for an editor or a shell to say. SIGTERM
 * is passed on. Either way this one waits for it to end.
 * @returns its exit code; 128 and the signal's number when a signal ended it, as shells say it
 * @throws BrowseError "not-started" when it cannot be started
 */
export async function runWithKubeconfig(command: readonly string[], kubeconfig: string): Promise<number> {
  const [program = "", ...rest] = command;
  const child = spawn(program, rest, { stdio: "inherit", env: { ...process.env, KUBECONFIG: kubeconfig } });
  const ignore = (): void => undefined;
  const passOn = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on("SIGINT", ignore).on("SIGTERM", passOn);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once("error", (cause: NodeJS.ErrnoException) => reject(notStarted(program, cause)));
      child.once("close", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    });
  } finally {
    process.off("SIGINT", ignore).off("SIGTERM", passOn);
  }
}

function notStarted(program: string, cause: NodeJS.ErrnoException): BrowseError {
  const problem = cause.code === "ENOENT" ? "there is no such program" : `it cannot be run: ${cause.code}`;
  const next = "check the name and PATH; there is no shell in between";
  return new BrowseError({ kind: "not-started", operation: `run ${program}`, problem, next, cause });
}
