import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isAlive } from "../processes/identity.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { listRuns, processesOf } from "./run.ts";

describe("a test run of one process", () => {
  it.each(["SIGKILL", "SIGTERM"] as const)("ends its servers when the process gets %s", async (signal) => {
    const home = temporaryFolder();
    const owner = spawn(process.execPath, ["--conditions=kubeferry-source", "--input-type=module", "--eval", program], {
      env: { ...process.env, KUBEFERRY_TESTBED_HOME: home, KUBEFERRY_TESTBED_RUN: "" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(owner.stdout, "data");
    const [run] = listRuns(home);
    const records = run === undefined ? [] : processesOf(run);
    expect(records.map((record) => [record.name, isAlive(record)])).toEqual([["sleeper", true]]);
    owner.kill(signal);
    await once(owner, "exit");
    await expect.poll(() => records.some(isAlive), { timeout: 20_000 }).toBe(false);
    await expect.poll(() => existsSync(run?.folder ?? home), { timeout: 20_000 }).toBe(false);
  });
});

const modules = join(import.meta.dirname, "..");
const program = `
  import { createRunFinder } from ${JSON.stringify(join(modules, "runs/current.ts"))};
  import { startProcess } from ${JSON.stringify(join(modules, "processes/start.ts"))};
  const run = createRunFinder()();
  await startProcess(run, {
    name: "sleeper",
    command: process.execPath,
    args: ["--eval", "setInterval(() => {}, 1000)"],
    dataFolder: run.folder + "/sleeper",
    isReady: async () => true,
    timeoutMs: 10000,
  });
  console.log("ready");
  setInterval(() => {}, 1000);
`;
