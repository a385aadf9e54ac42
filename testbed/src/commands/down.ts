import { removeEnvFile } from "../env-file.ts";
import { testbedHome } from "../places.ts";
import { isAlive } from "../processes/identity.ts";
import { endRun } from "../processes/stop.ts";
import { isLeftBehind, listRuns, processesOf } from "../runs/run.ts";
import type { CommandContext } from "./context.ts";

/**
 * `testbed down`: ends what `up` started, and what test runs that crashed left behind; removes logs
 * and data. Runs of tests that are still at work are left alone.
 */
export async function down(context: CommandContext): Promise<void> {
  const home = testbedHome(context.environment);
  const runs = listRuns(home).filter(isLeftBehind);
  for (const run of runs) {
    const names = processesOf(run).map((record) => `${record.name}${isAlive(record) ? "" : " (was dead)"}`);
    await endRun(run);
    context.say(`ended ${run.id}: ${names.join(", ") || "nothing was started"}`);
  }
  removeEnvFile(home);
  if (runs.length === 0) context.say("nothing to end");
}
