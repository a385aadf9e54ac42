import { execFile } from "node:child_process";
import type { Call } from "@kubeferry/model";
import type { KustomizeProgram } from "./find-kustomize.ts";
import { KustomizeError } from "./kustomize-error.ts";

const TIMEOUT_MS = 120_000;
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;
const MAX_SAID = 400;

/**
 * Builds a folder. The program gets no shell, no PATH and no way to the network (addresses of this machine
 * aside): what a repository names elsewhere (a remote base, a plugin, a chart) fails, and so does a file outside of the folder of its kustomization.
 * @param folder absolute
 * @returns YAML documents
 * @throws KustomizeError "not-built" with what the program said; "given-up"
 */
export function buildKustomization(program: KustomizeProgram, folder: string, call: Call): Promise<string> {
  call.signal.throwIfAborted();
  const args = program.name === "kustomize" ? ["build", folder] : ["kustomize", folder];
  const { timeoutMs = TIMEOUT_MS } = program;
  const options = {
    env: WITHOUT_NETWORK,
    timeout: timeoutMs,
    maxBuffer: MAX_OUTPUT_BYTES,
    signal: call.signal,
    cwd: folder,
  };
  return new Promise((resolve, reject) => {
    const child = execFile(program.path, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else if (call.signal.aborted) reject(call.signal.reason);
      else reject(notBuilt(folder, error.killed === true ? timeoutMs : undefined, stderr));
    });
    child.stdin?.end();
  });
}

/** Nothing listens at port 9 of this machine; git, which fetches remote bases, is on no PATH. */
const WITHOUT_NETWORK: Readonly<Record<string, string>> = {
  PATH: "",
  HOME: "/nonexistent",
  HTTP_PROXY: "http://127.0.0.1:9",
  HTTPS_PROXY: "http://127.0.0.1:9",
  NO_PROXY: "",
};

/** @param killedAfterMs undefined for a program that ended by itself */
function notBuilt(folder: string, killedAfterMs: number | undefined, stderr: string): KustomizeError {
  const said = stderr.trim().replace(/\s+/g, " ").slice(0, MAX_SAID);
  return new KustomizeError({
    kind: killedAfterMs !== undefined ? "given-up" : "not-built",
    who: "kustomize",
    operation: `build ${folder}`,
    problem: killedAfterMs === undefined ? said : `it took more than ${killedAfterMs / 1000} s, or wrote too much`,
  });
}
