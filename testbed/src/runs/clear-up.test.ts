import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { isAlive, signalProcess } from "../processes/identity.ts";
import { startProcess } from "../processes/start.ts";
import { endRun } from "../processes/stop.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { clearUp } from "./clear-up.ts";
import { createRun, processesOf, type Run } from "./run.ts";
import { sharedInstance } from "./shared-instance.ts";

it("leaves the shared servers that are well, and ends or forgets everything else", async () => {
  const run = createRun(temporaryFolder(), "up");
  onTestFinished(() => endRun(run));
  const well = await sharedInstance(run, "well", startSleeper);
  const dead = await sharedInstance(run, "dead", startSleeper);
  for (const record of processesOf(run).filter(({ name }) => name === "dead")) signalProcess(record, "SIGKILL");
  await expect.poll(() => processesOf(run).filter(isAlive).length).toBe(1);
  await sharedInstance(run, "made", async () => writeFileSync(join(run.folder, "made"), "of the code as it was"));
  await startSleeper(run, "own-1a2b3c4d");

  await clearUp(run);

  expect(processesOf(run).map(({ name }) => name)).toEqual(["well"]);
  expect(existsSync(join(run.folder, "made"))).toBe(false);
  expect(await sharedInstance(run, "well", startSleeper)).toEqual(well);
  expect(await sharedInstance(run, "dead", startSleeper)).not.toEqual(dead);
});

async function startSleeper(run: Run, name: string): Promise<{ pid: number }> {
  const { pid } = await startProcess(run, {
    name,
    command: process.execPath,
    args: ["--eval", "setInterval(() => {}, 1000)"],
    dataFolder: join(run.folder, name),
    isReady: async () => true,
    timeoutMs: 10_000,
  });
  return { pid };
}
