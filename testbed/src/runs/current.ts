import { existsSync } from "node:fs";
import { TestbedError } from "../errors.ts";
import { type Environment, testbedHome } from "../places.ts";
import { runVariable } from "./current-variable.ts";
import { createRun, openRun, type Run } from "./run.ts";

/** @returns the folder of the shared run, or undefined outside of one. */
export function sharedRunFolder(environment: Environment): string | undefined {
  const folder = environment[runVariable];
  return folder === undefined || folder === "" || !existsSync(folder) ? undefined : folder;
}

/**
 * @returns a function that gives the run to start servers in: the shared one, else one of this
 * process alone, made at the first call; its servers end when the process does.
 */
export function createRunFinder(): () => Run {
  let own: Run | undefined;
  return () => {
    const shared = process.env[runVariable];
    if (shared !== undefined && shared !== "") return openShared(shared);
    own ??= createRun(testbedHome(), "tests");
    return own;
  };
}

function openShared(folder: string): Run {
  if (existsSync(folder)) return openRun(folder);
  throw new TestbedError({
    kind: "bad-request",
    who: "testbed",
    operation: `open the run ${folder}`,
    problem: `${runVariable} names a folder that is not there; its run has ended`,
    next: `unset ${runVariable}`,
  });
}
