import { existsSync } from "node:fs";
import { TestbedError } from "../errors.ts";
import { type Environment, testbedHome } from "../places.ts";
import { endRunNow } from "../processes/stop.ts";
import { listOrphans } from "./orphans.ts";
import { createRun, openRun, type Run } from "./run.ts";

/** Names the folder of the run that all workers of one test run share. */
export const runVariable = "KUBEFERRY_TESTBED_RUN";

/** @returns the folder of the shared run, or undefined outside of one. */
export function sharedRunFolder(environment: Environment): string | undefined {
  const folder = environment[runVariable];
  return folder === undefined || folder === "" || !existsSync(folder) ? undefined : folder;
}

/**
 * @returns a function that gives the run to start servers in: the shared one, else one of this
 * process alone, made at the first call and ended when the process exits.
 */
export function createRunFinder(): () => Run {
  let own: Run | undefined;
  return () => {
    const shared = process.env[runVariable];
    if (shared !== undefined && shared !== "") return openShared(shared);
    own ??= ownRun();
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

function ownRun(): Run {
  for (const orphan of listOrphans(testbedHome())) endRunNow(orphan);
  const run = createRun(testbedHome(), "tests");
  process.once("exit", () => endRunNow(run));
  return run;
}
