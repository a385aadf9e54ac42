import { join } from "node:path";
import { testbedHome } from "./places.ts";
import { endRun } from "./processes/stop.ts";
import { sharedRunFolder } from "./runs/current.ts";
import { runVariable } from "./runs/current-variable.ts";
import { listOrphans } from "./runs/orphans.ts";
import { createRun, makeTemporaryFolder, openRun } from "./runs/run.ts";

/**
 * Called by vitest before the first worker: makes the run that all workers share. What one of its processes has compiled
 * the others find there: for a `kubeferry` that is half of its start.
 */
export async function setup(): Promise<void> {
  for (const orphan of listOrphans(testbedHome())) await endRun(orphan);
  const run = createRun(testbedHome(), "tests");
  process.env[runVariable] = run.folder;
  process.env.NODE_COMPILE_CACHE ??= join(run.folder, "compiled");
  process.env.TMPDIR = makeTemporaryFolder(run);
}

/** Called by vitest after the last test: ends every server that a worker started, and removes what tests left behind. */
export async function teardown(): Promise<void> {
  const folder = sharedRunFolder(process.env);
  if (folder !== undefined) await endRun(openRun(folder));
}
