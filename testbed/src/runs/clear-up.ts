import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../processes/identity.ts";
import { stopProcesses } from "../processes/stop.ts";
import { processesOf, type Run, readJson } from "./run.ts";
import { type Instance, ownProcesses } from "./shared-instance.ts";

/** Servers that the run shares are named by their kind; those of one test begin so. */
export const OWN_PREFIX = "own-";

const INSTANCE_FILE = ".instance.json";

/**
 * Leaves of a run only the shared servers that are well, so that a test of changed code finds nothing of the test before:
 * servers of single tests end, and what was made once for all, as the bundle of the command line, is made again.
 */
export async function clearUp(run: Run): Promise<void> {
  await stopProcesses(
    run,
    processesOf(run).filter(({ name }) => name.startsWith(OWN_PREFIX)),
  );
  const alive = new Set(
    processesOf(run)
      .filter(isAlive)
      .map(({ name }) => name),
  );
  for (const file of readdirSync(run.folder).filter((name) => name.endsWith(INSTANCE_FILE))) {
    const known = readJson<Instance<unknown>>(join(run.folder, file));
    if (known === undefined || isServing(known, alive)) continue;
    const name = file.slice(0, -INSTANCE_FILE.length);
    await stopProcesses(run, ownProcesses(run, name));
    for (const part of [file, name]) rmSync(join(run.folder, part), { recursive: true, force: true });
  }
}

function isServing(known: Instance<unknown>, alive: ReadonlySet<string>): boolean {
  return (
    known.state === "running" && known.processes.length > 0 && known.processes.every((process) => alive.has(process))
  );
}
