import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { signalProcess } from "../processes/identity.ts";
import { startProcess } from "../processes/start.ts";
import { endRun } from "../processes/stop.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { createRun, processesOf, type Run } from "./run.ts";
import { sharedInstance } from "./shared-instance.ts";

describe("the one instance of a server in a run", () => {
  it("is started once, whoever asks and however many at once", async () => {
    const run = freshRun();
    const asked = Array.from({ length: 5 }, () => sharedInstance(run, "sleeper", startSleeper));
    expect(new Set((await Promise.all(asked)).map(({ pid }) => pid)).size).toBe(1);
    expect(processesOf(run)).toHaveLength(1);
  });

  it("is not started again when its start failed, and leaves nothing running", async () => {
    const run = freshRun();
    let starts = 0;
    const failing = async (within: Run, name: string) => {
      starts++;
      await startSleeper(within, `${name}-helper`);
      throw new Error("no disk");
    };
    await expect(sharedInstance(run, "sleeper", failing)).rejects.toThrow("no disk");
    await expect(sharedInstance(run, "sleeper", failing)).rejects.toThrow(/use sleeper: died: its start failed before/);
    expect(starts).toBe(1);
    expect(processesOf(run)).toEqual([]);
  });

  it("that died during the run is reported, not replaced by an empty one", async () => {
    const run = freshRun();
    await sharedInstance(run, "sleeper", startSleeper);
    for (const record of processesOf(run)) signalProcess(record, "SIGKILL");
    const again = () => sharedInstance(run, "sleeper", startSleeper).then(() => "alive", String);
    await expect
      .poll(again, { timeout: 10_000 })
      .toMatch(/use sleeper: died: sleeper ended during the run; see .*sleeper\.log/);
  });
});

function freshRun(): Run {
  const run = createRun(temporaryFolder(), "up");
  onTestFinished(() => endRun(run));
  return run;
}

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
