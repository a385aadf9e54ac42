import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { access, copyFile, mkdir, open, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { kubeferry } from "../testing/cli.ts";
import { freshFolder } from "../testing/workspace.ts";

const run = promisify(execFile);
const BIN = fileURLToPath(new URL("../../bin/kubeferry.js", import.meta.url));
/** A tenth of a second where nothing else is at work. */
const LIMIT = { timeout: 60_000 };
const PIPE_BYTES = 65_536;
const READING = `
  import { readFile } from "node:fs/promises";
  export const main = ([path]) => readFile(path);
`;
/** Waits without a read. A container's first process is sent no signal but those that it listens for. */
const AS_FIRST_PROCESS = `
  process.kill = () => true;
  setInterval(() => undefined, 60_000);
  export const main = () => new Promise(() => process.stdout.write("waits"));
`;

const SMALL_HEAP = ["--max-semi-space-size=4", "--initial-old-space-size=48", "--heap-growing-percent=50"];
const SMALL_YOUNG = ["--max-semi-space-size=8"];
/** Says which process it is, and what it was started with. */
const SAYING_HOW = `
  export const main = (args) => new Promise((done) =>
    process.stdout.write(JSON.stringify({ pid: process.pid, flags: process.execArgv, args }), () => done(0)));
`;
/** Says what a variable is. */
const saying = (variable: string) => `
  export const main = () => new Promise((done) =>
    process.stdout.write(process.env.${variable} ?? "as many as it likes", () => done(0)));
`;

describe("the command line", () => {
  it.each([
    ["no command", [], "Name a command"],
    ["an unknown command", ["bakcup"], "backup"],
    ["an unknown option", ["backup", "--bogus"], "bogus"],
    ["a value that is none", ["backup", "--output", "xml"], "json"],
    ["an option without its value", ["backup", "--config"], "config"],
    ["a port that is none", ["browse", "--port", "web"], "0 for a free one"],
    ["no port for a second snapshot", ["browse", "--port", "65535", "--and", "latest~1"], "1 to 65534"],
    ["a subcommand left out", ["snapshots"], "list, show, verify"],
  ])("with %s ends with 2 and one line that says what is wrong", async (_what, args, said) => {
    const result = await kubeferry(args);
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain(said);
    expect(result.stderr).toContain("kubeferry --help");
    expect(result.stderr).not.toMatch(/^\s+at /m);
  });

  it.each([
    ["-n", "--include-namespaces"],
    ["--prune", "--prune"],
  ])("takes one value for %s, and what follows for itself", async (option, said) => {
    const result = await kubeferry(["restore", "apply", option, "shop", "plan.json"]);
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain(`the plan says what is restored; ${said} would change nothing of it`);
  });

  it("refuses beside a plan what only a plan in the making listens to", async () => {
    const consents = ["--prune-crds", "--prune-persistent-volumes", "--prune-foreign-finalizers"];
    const result = await kubeferry(["restore", "apply", "plan.json", ...consents]);
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain(`${consents.join(", ")} would change nothing of it`);
  });

  it("refuses to import every snapshot and one of them at once", async () => {
    const result = await kubeferry(["snapshots", "import", "--from", "there.yaml", "--all", "--at", "2"]);
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain("--all takes every snapshot, and --at names one");
  });

  it("in a folder that is gone ends with 2, as everything that could not run", async () => {
    const cwd = await freshFolder();
    const inGoneFolder = `cd ${cwd} && rmdir ${cwd} && exec ${process.execPath} ${BIN} backup`;
    await expect(run("sh", ["-c", inGoneFolder])).rejects.toMatchObject({ code: 2 });
    await expect(rmdir(cwd)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("whose reader has gone away ends as if it were still there", async () => {
    const unread = `set -o pipefail; cd ${await freshFolder()}; ${process.execPath} ${BIN} backup --output json | true`;
    const result = run("bash", ["-c", unread]);
    await expect(result).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining("nothing is configured") });
    await expect(result).rejects.toMatchObject({ stderr: expect.not.stringContaining("EPIPE") });
  });

  it("whose result a full disk does not take says so in one line, and ends with 1", async (test) => {
    await access("/dev/full").catch(() => test.skip("this machine has no /dev/full"));
    const result = run("sh", ["-c", `${process.execPath} ${BIN} --help > /dev/full`]);
    const stderr = expect.stringMatching(/^kubeferry: print the result: ENOSPC: .*\n$/);
    await expect(result).rejects.toMatchObject({ code: 1, stderr });
  });

  it(
    "ends itself when it is told to stop before a command listens: a container's first process must",
    LIMIT,
    async () => {
      const child = await started(AS_FIRST_PROCESS);
      const ended = once(child, "exit");
      await once(child.stdout, "data");
      child.kill("SIGTERM");
      expect(await ended).toEqual([143, null]);
    },
  );

  it.each(["SIGTERM", "SIGINT"] as const)(
    "ends by %s also in the middle of a read that has no end",
    LIMIT,
    async (signal) => {
      const pipe = join(await freshFolder(), "kubeferry.yaml");
      execFileSync("mkfifo", [pipe]);
      const child = await started(READING, pipe);
      const ended = once(child, "exit");
      // Settles when it opens the pipe; what is more than a pipe holds is written when it has read.
      const written = await open(pipe, "w");
      onTestFinished(() => written.close());
      await written.write(Buffer.alloc(PIPE_BYTES + 1));
      await new Promise((resolve) => setTimeout(resolve, 100));
      child.kill(signal);
      expect(await ended).toEqual([null, signal]);
    },
  );
  it.each([
    ["backup", SMALL_HEAP],
    ["gitops", SMALL_YOUNG],
    ["restore", SMALL_YOUNG],
    ["run", SMALL_YOUNG],
  ])("begins %s in a small heap, in the process that was started", LIMIT, async (command, flags) => {
    const child = await started(SAYING_HOW, command, "--config", "a file");
    expect(JSON.parse(await text(child.stdout))).toEqual({
      pid: child.pid,
      flags,
      args: [command, "--config", "a file"],
    });
  });

  const OWN_SIZE = { NODE_OPTIONS: "--max_semi_space_size=16" };
  it.each([
    ["a backup with the sizes that its user wants", OWN_SIZE, "backup", SMALL_HEAP.slice(1)],
    ["stage 2 with the size that its user wants", OWN_SIZE, "gitops", []],
    ["everything else as it was started", {}, "browse", []],
    ["what is no command as it was started", {}, "toString", []],
  ])("begins %s", LIMIT, async (_how, env, command, flags) => {
    const { stdout } = await run(process.execPath, [await installed(SAYING_HOW), command], {
      env: { ...process.env, ...env },
    });
    expect(JSON.parse(stdout)).toMatchObject({ flags, args: [command] });
  });

  it.each([
    ["a backup", "1", "backup", {}],
    ["a backup whose user says how many", "4", "backup", { MALLOC_ARENA_MAX: "4" }],
    ["stage 2, whose git has threads of its own", "as many as it likes", "gitops", {}],
    ["everything else", "as many as it likes", "browse", {}],
  ])("lets the memory of threads lie in so many arenas for %s: %s", LIMIT, async (_what, arenas, command, env) => {
    expect(await variableIn(command, "MALLOC_ARENA_MAX", env)).toBe(arenas);
  });

  it.each([
    ["a backup", "131072", "backup", {}],
    ["a backup whose user says how large", "65536", "backup", { MALLOC_MMAP_THRESHOLD_: "65536" }],
    ["stage 2, for which it was not measured", "as many as it likes", "gitops", {}],
  ])("gives memory back to the system from so many bytes on for %s: %s", LIMIT, async (_what, bytes, command, env) => {
    expect(await variableIn(command, "MALLOC_MMAP_THRESHOLD_", env)).toBe(bytes);
  });
});

/** What a variable of the C library is in a command's process, where that of the tests says nothing of it. */
async function variableIn(command: string, variable: string, env: Readonly<Record<string, string>>): Promise<string> {
  const around = Object.entries(process.env).filter(([name]) => name !== variable);
  const { stdout } = await run(process.execPath, [await installed(saying(variable)), command], {
    env: { ...Object.fromEntries(around), ...env },
  });
  return stdout;
}

async function started(main: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, [await installed(main), ...args], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** The first lines of the process, as they are published, with something else than the command line behind them. */
async function installed(main: string): Promise<string> {
  const folder = await freshFolder();
  await Promise.all(["bin", "dist"].map((name) => mkdir(join(folder, name))));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  await copyFile(BIN, join(folder, "bin/kubeferry.js"));
  await writeFile(join(folder, "dist/main.js"), main);
  return join(folder, "bin/kubeferry.js");
}
