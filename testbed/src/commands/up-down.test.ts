import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type EnvFile, readEnvFile } from "../env-file.ts";
import { missingServers } from "../index.ts";
import { isAlive, signalProcess } from "../processes/identity.ts";
import { listRuns, processesOf } from "../runs/run.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";

describe.skipIf(missingServers("minio", "versitygw"))("testbed up and down", () => {
  it("starts what is named, says how to reach it, and ends it", async () => {
    const home = freshHome();
    const up = await testbed(home, "up", "minio", "versitygw");
    expect(up).toMatchObject({ code: 0, stderr: "" });
    const env = readEnvFile(home) as EnvFile;
    expect(statSync(join(home, "env.json")).mode & 0o777).toBe(0o600);
    expect(up.stdout).toContain(env.minio?.secretKey);
    for (const server of [env.minio, env.versitygw]) expect((await fetch(server?.endpoint ?? "")).status).toBe(403);

    expect((await testbed(home, "status")).stdout.match(/alive/g)).toHaveLength(2);
    expect(await testbed(home, "up", "minio")).toMatchObject({
      code: 2,
      stderr: "testbed: up: already-up: minio, versitygw still run; run: npm run testbed -- down\n",
    });

    const records = listRuns(home).flatMap(processesOf);
    expect((await testbed(home, "down")).stdout).toMatch(/^ended up-\S+: minio, versitygw\n$/);
    expect(records.map(isAlive)).toEqual([false, false]);
    expect(readdirSync(home)).toEqual([]);
  });

  it("ends what a killed `up` left behind", async () => {
    const home = freshHome();
    const command = startTestbed(home, "up", "minio", "versitygw");
    const processes = () => listRuns(home).flatMap(processesOf);
    await expect.poll(() => processes().length, { interval: 5, timeout: 20_000 }).toBeGreaterThan(0);
    command.kill("SIGKILL");
    await once(command, "exit");
    const left = processes();
    expect(left.some(isAlive)).toBe(true);
    expect((await testbed(home, "down")).code).toBe(0);
    expect(left.some(isAlive)).toBe(false);
    expect(listRuns(home)).toEqual([]);
  });

  it("starts again after the servers died, as after a reboot", async () => {
    const home = freshHome();
    await testbed(home, "up", "minio");
    const [minio] = listRuns(home).flatMap(processesOf);
    if (minio !== undefined) signalProcess(minio, "SIGKILL");
    await expect
      .poll(async () => (await testbed(home, "status")).stdout, { timeout: 20_000 })
      .toContain("dead   minio");
    expect((await testbed(home, "up", "minio")).code).toBe(0);
    expect(listRuns(home)).toHaveLength(1);
    expect((await testbed(home, "down")).code).toBe(0);
  });
});

describe("the testbed's command line", () => {
  it.each([
    [["up", "minion"], "no server is called minion; choose from kube-apiserver"],
    [["build", "x"], "nothing is called x; choose from etcd"],
    [["up", "--clusters", "0"], "--clusters 0 is no number from 1 to 16"],
    [["up", "--cluster", "2"], "Unknown option '--cluster'"],
    [["start"], "unknown command start"],
    [[], "no command"],
  ])("refuses %j with exit code 2", async (words, message) => {
    const home = freshHome();
    const { code, stdout, stderr } = await testbed(home, ...words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(existsSync(join(home, "env.json"))).toBe(false);
  });

  it("says what to run when a server is not built", async () => {
    const { code, stderr } = await testbed(freshHome(), "up", "minio", {
      KUBEFERRY_TESTBED_CACHE: temporaryFolder(),
      KUBEFERRY_TESTBED_PINNED: "1",
    });
    expect(code).toBe(2);
    expect(stderr).toBe("testbed: up: not-built: missing: minio; run: npm run testbed -- build minio\n");
  });

  it("says what to install when there is no Go", async () => {
    const { code, stderr } = await testbed(freshHome(), "build", "kustomize", {
      KUBEFERRY_TESTBED_CACHE: temporaryFolder(),
      PATH: temporaryFolder(),
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/no-go: the go command is not on PATH; install Go/);
  });

  it("has nothing to end when nothing is up", async () => {
    expect(await testbed(freshHome(), "down")).toMatchObject({ code: 0, stdout: "nothing to end\n" });
  });
});

type Words = readonly (string | Record<string, string>)[];

function freshHome(): string {
  const home = temporaryFolder();
  // Whatever a failing test leaves running ends here; its folder goes after that.
  onTestFinished(async () => void (await testbed(home, "down")));
  return home;
}

async function testbed(home: string, ...words: Words) {
  const command = startTestbed(home, ...words);
  const output = { stdout: "", stderr: "" };
  command.stdout?.on("data", (chunk: Buffer) => (output.stdout += chunk));
  command.stderr?.on("data", (chunk: Buffer) => (output.stderr += chunk));
  const [code] = (await once(command, "close")) as [number | null];
  return { code, ...output };
}

function startTestbed(home: string, ...words: Words): ChildProcess {
  const args = words.filter((word) => typeof word === "string");
  const variables = words.filter((word) => typeof word !== "string");
  const program = join(import.meta.dirname, "../cli.ts");
  return spawn(process.execPath, ["--conditions=kubeferry-source", program, ...args], {
    env: Object.assign({}, process.env, { KUBEFERRY_TESTBED_HOME: home }, ...variables),
    stdio: ["ignore", "pipe", "pipe"],
  });
}
