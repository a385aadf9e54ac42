import { join } from "node:path";
import { TestbedError } from "../errors.ts";
import { isAlive } from "../processes/identity.ts";
import { withLock } from "../processes/lock.ts";
import { stopProcesses } from "../processes/stop.ts";
import { processesOf, type Run, readJson, writeJson } from "./run.ts";

/** The slowest start, twice over. */
const lockTimeoutMs = 300_000;

/** How the start of a shared server, or of what is made once, went; as its file in the run's folder says. */
export type Instance<Info> =
  | { readonly state: "running"; readonly info: Info; readonly processes: readonly string[] }
  | { readonly state: "failed"; readonly message: string };

/**
 * Gives the one instance of a server that a run has: started by whoever asks first, in whichever
 * process; the others wait and are told where it is. A start that failed is not tried again.
 * @param Info must survive JSON.
 */
export async function sharedInstance<Info>(
  run: Run,
  name: string,
  start: (run: Run, name: string) => Promise<Info>,
): Promise<Info> {
  const file = join(run.folder, `${name}.instance.json`);
  return await withLock(join(run.folder, `${name}.lock`), { timeoutMs: lockTimeoutMs }, async () => {
    const known = readJson<Instance<Info>>(file);
    if (known !== undefined) return attach(run, name, known);
    try {
      const info = await start(run, name);
      writeJson(file, { state: "running", info, processes: ownProcesses(run, name).map((record) => record.name) });
      return info;
    } catch (error) {
      writeJson(file, { state: "failed", message: error instanceof Error ? error.message : String(error) });
      await stopProcesses(run, ownProcesses(run, name));
      throw error;
    }
  });
}

function attach<Info>(run: Run, name: string, known: Instance<Info>): Info {
  if (known.state === "failed") throw unusable(name, `its start failed before: ${known.message}`, "mend that first");
  const alive = processesOf(run).filter(isAlive);
  const dead = known.processes.filter((process) => !alive.some((record) => record.name === process));
  if (dead.length === 0) return known.info;
  throw unusable(
    name,
    `${dead.join(", ")} ended during the run`,
    `see ${dead.map((process) => join(run.folder, `${process}.log`)).join(", ")}; a test that breaks a server takes one of its own`,
  );
}

/** Helpers of a server carry its name as prefix; servers of their own are named otherwise. */
export function ownProcesses(run: Run, name: string) {
  return processesOf(run).filter((record) => record.name === name || record.name.startsWith(`${name}-`));
}

function unusable(name: string, problem: string, next: string): TestbedError {
  return new TestbedError({ kind: "died", who: "testbed", operation: `use ${name}`, problem, next });
}
