import { testbedHome } from "../places.ts";
import { isAlive } from "../processes/identity.ts";
import { isLeftBehind, listRuns, ownerOf, processesOf, type Run } from "../runs/run.ts";
import type { CommandContext } from "./context.ts";

/** `testbed status`: every process that a run on this checkout recorded, alive or dead, with its log. */
export function status(context: CommandContext): void {
  const runs = listRuns(testbedHome(context.environment));
  if (runs.length === 0) context.say("nothing is up");
  for (const run of runs) {
    context.say(`${run.id}${remark(run)}`);
    for (const record of processesOf(run)) {
      context.say(
        `  ${isAlive(record) ? "alive" : "dead "}  ${record.name.padEnd(36)} pid ${record.pid}  ${record.log}`,
      );
    }
  }
}

function remark(run: Run): string {
  if (ownerOf(run)?.kind === "up") return "";
  return isLeftBehind(run) ? " (a test run that crashed; `down` ends it)" : " (a test run at work)";
}
