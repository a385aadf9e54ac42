import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { endRun } from "../processes/stop.ts";
import { isLeftBehind, openRun } from "./run.ts";

// A program of its own, started beside the first server of a test run: the test process may be killed
// at any moment, and nothing of it runs then. It ends with the run, whoever ends it.

const pollMs = 500;

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("guardian: no run folder was given");
const run = openRun(folder);
while (existsSync(run.folder)) {
  if (isLeftBehind(run)) await endRun(run);
  else await sleep(pollMs);
}
