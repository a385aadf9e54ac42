import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createRun, makeTemporaryFolder, processesOf, type Run, recordProcess } from "../runs/run.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { identifyProcess, isAlive } from "./identity.ts";
import { freePort } from "./ports.ts";
import { isPortClash, startProcess } from "./start.ts";
import { endRun, stopProcesses } from "./stop.ts";

describe("a started process", () => {
  it("is recorded, logs to the run's folder, and is ended with the run", async () => {
    const run = freshRun();
    const temporary = makeTemporaryFolder(run);
    writeFileSync(join(temporary, "left"), "behind");
    const port = await freePort();
    const record = await startNode(run, "web", `${answersOn(port)}; console.log("hello")`, port);
    expect(processesOf(run)).toEqual([record]);
    expect(isAlive(record)).toBe(true);
    expect(readFileSync(join(run.folder, "web.log"), "utf8")).toBe("hello\n");
    expect(statSync(join(run.folder, "processes", "web.json")).mode & 0o777).toBe(0o600);
    await endRun(run);
    expect(isAlive(record)).toBe(false);
    expect([run.folder, temporary].map((folder) => existsSync(folder))).toEqual([false, false]);
  });

  it("sees nothing of our environment but PATH, and how seldom Go is to collect its garbage", async () => {
    const run = freshRun();
    const port = await freePort();
    await startNode(run, "web", `console.log(Object.keys(process.env).sort().join()); ${answersOn(port)}`, port);
    expect(readFileSync(join(run.folder, "web.log"), "utf8")).toBe("GOGC,GOMEMLIMIT,HOME,PATH\n");
  });

  it("is killed when it does not heed the request to end", async () => {
    const run = freshRun();
    const port = await freePort();
    const stubborn = `process.on("SIGTERM", () => console.log("no")); ${answersOn(port)}`;
    const record = await startNode(run, "stubborn", stubborn, port);
    await stopProcesses(run, [record]);
    expect(readFileSync(record.log, "utf8")).toBe("no\n");
    expect(isAlive(record)).toBe(false);
    expect(processesOf(run)).toEqual([]);
  });

  it("that ends before it is ready is reported with the end of its log", async () => {
    const start = startNode(freshRun(), "web", 'console.error("bind: address already in use"); process.exit(3)', 1);
    const error = await start.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: "died", message: expect.stringContaining("bind: address already in use") });
    expect(isPortClash(error)).toBe(true);
  });

  it("that never becomes ready is reported, and is still ours to end", async () => {
    const run = freshRun();
    await expect(startNode(run, "web", "setInterval(() => {}, 1000)", 1, 300)).rejects.toThrow(/not-ready: no answer/);
    expect(processesOf(run).map(isAlive)).toEqual([true]);
  });
});

describe("ending a run", () => {
  it("spares a process that was given the number of one of ours", async () => {
    const run = freshRun();
    const self = identifyProcess(process.pid);
    expect(self).toBeDefined();
    recordProcess(run, {
      pid: process.pid,
      startedAt: "before the last boot",
      name: "old",
      order: 1,
      command: "x",
      log: "x",
    });
    await endRun(run);
    expect(identifyProcess(process.pid)).toEqual(self);
  });
});

function freshRun(): Run {
  const run = createRun(temporaryFolder(), "up");
  onTestFinished(() => endRun(run));
  return run;
}

function answersOn(port: number): string {
  return `require("node:http").createServer((_, answer) => answer.end()).listen(${port}, "127.0.0.1")`;
}

function startNode(run: Run, name: string, script: string, port: number, timeoutMs = 20_000) {
  return startProcess(run, {
    name,
    command: process.execPath,
    args: ["--eval", script],
    dataFolder: join(run.folder, name),
    isReady: async (signal) => (await fetch(`http://127.0.0.1:${port}/`, { signal })).ok,
    timeoutMs,
  });
}
