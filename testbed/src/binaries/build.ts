import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { TestbedError } from "../errors.ts";
import { type Environment, serversFolder } from "../places.ts";
import { withLock } from "../processes/lock.ts";
import { buildFlags, type CachedBinary, cachedBinary, goPlatform } from "./cache.ts";
import { type BinaryName, type BinarySpec, binarySpec } from "./catalog.ts";
import { resolveBinary } from "./resolve.ts";

/** The slowest cold build takes 5 min on two cores; another checkout may be at it. */
const buildTimeoutMs = 30 * 60_000;
const shownErrorBytes = 4_000;
const toolchain = "go";

/** What became of one program. */
export interface BuildResult {
  readonly name: BinaryName;
  readonly version: string;
  readonly outcome: "built" | "cached" | "offered";
  readonly path: string;
  /** Where it comes from, when it was offered. */
  readonly source: "KUBEBUILDER_ASSETS" | "PATH" | "cache";
  readonly seconds: number;
}

/** Where a build reads its environment and tells what it waits for. */
export interface BuildContext {
  readonly environment: Environment;
  readonly say: (line: string) => void;
}

/**
 * Makes sure that a program can be started: takes an offered or cached one, else builds it with
 * `go build` into a temporary folder that is renamed at the end.
 * @throws TestbedError "no-go" without Go, "build-failed" with the end of what Go said.
 */
export async function buildBinary(name: BinaryName, context: BuildContext): Promise<BuildResult> {
  const spec = binarySpec(name);
  const target = cachedBinary(spec, context.environment);
  const started = performance.now();
  const result = (outcome: BuildResult["outcome"], path = target.path, source: BuildResult["source"] = "cache") => ({
    name,
    version: target.version,
    outcome,
    path,
    source,
    seconds: (performance.now() - started) / 1_000,
  });
  const present = resolveBinary(name, context.environment);
  if (present !== undefined) {
    return result(present.source === "cache" ? "cached" : "offered", present.path, present.source);
  }
  await mkdir(dirname(target.folder), { recursive: true });
  const wait = {
    timeoutMs: buildTimeoutMs,
    onWait: () => context.say(`${name}: another process is building it, waiting`),
  };
  return await withLock(`${target.folder}.lock`, wait, async () => {
    if (existsSync(target.path)) return result("cached");
    await buildInto(spec, target, context);
    return result("built");
  });
}

async function buildInto(spec: BinarySpec, target: CachedBinary, { environment }: BuildContext): Promise<void> {
  const temporary = `${target.folder}.building-${randomBytes(4).toString("hex")}`;
  const flags = buildFlags(spec, target.version);
  try {
    await removeUnfinished(target);
    await mkdir(temporary, { recursive: true });
    await go(spec, ["build", ...flags, "-o", join(temporary, spec.name), spec.package], environment);
    await copyStaticFolders(spec, join(temporary, "static"), environment);
    await rename(temporary, target.folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** What a killed build left; whoever holds the lock is the only one at work on this place. */
async function removeUnfinished({ folder }: CachedBinary): Promise<void> {
  for (const entry of await readdir(dirname(folder))) {
    if (!entry.startsWith(`${basename(folder)}.building-`)) continue;
    await rm(join(dirname(folder), entry), { recursive: true, force: true });
  }
}

/** Kept beside the program, so that the cache alone is enough: neither Go nor its module cache need be there later. */
async function copyStaticFolders(spec: BinarySpec, to: string, environment: Environment): Promise<void> {
  if (spec.staticFolders.length === 0) return;
  const moduleFolder = (await go(spec, ["list", "-m", "-f", "{{.Dir}}", spec.pinned], environment)).trim();
  for (const folder of spec.staticFolders) {
    await cp(join(moduleFolder, folder), join(to, folder), { recursive: true });
  }
  await makeWritable(to);
}

/** Files of the module cache are read-only, folders too; nobody could remove such a copy. */
async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await makeWritable(path);
    else await chmod(path, 0o644);
  }
}

/** Runs the go command in a server's module. @returns what it printed. */
function go(spec: BinarySpec, args: readonly string[], environment: Environment): Promise<string> {
  const child = spawn(toolchain, args, {
    cwd: join(serversFolder, spec.module),
    env: {
      ...environment,
      // The modules stand alone and are used as committed, whatever the user's Go is set to.
      GOFLAGS: "-mod=readonly",
      GOWORK: "off",
      GOOS: goPlatform.os,
      GOARCH: goPlatform.arch,
      CGO_ENABLED: spec.cgo ? "1" : "0",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: Buffer[] = [];
  const complaints: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => complaints.push(chunk));
  return new Promise((resolve, reject) => {
    child.once("error", (cause: NodeJS.ErrnoException) => reject(goMissing(spec, cause)));
    child.once("close", (code) => {
      if (code === 0) resolve(Buffer.concat(output).toString("utf8"));
      else reject(goFailed(spec, code, Buffer.concat(complaints).toString("utf8")));
    });
  });
}

function goMissing(spec: BinarySpec, cause: NodeJS.ErrnoException): Error {
  if (cause.code !== "ENOENT") return cause;
  return new TestbedError({
    kind: "no-go",
    who: "testbed",
    operation: `build ${spec.name}`,
    problem: "the go command is not on PATH",
    next: "install Go 1.26.2 or newer (https://go.dev/dl), or offer ready-made programs by KUBEBUILDER_ASSETS or PATH",
    cause,
  });
}

function goFailed(spec: BinarySpec, code: number | null, complaints: string): TestbedError {
  return new TestbedError({
    kind: "build-failed",
    who: "testbed",
    operation: `build ${spec.name}`,
    problem: `go ended with ${code ?? "a signal"}:\n${complaints.slice(-shownErrorBytes).trimEnd()}\n`,
    next: "without network the modules must be in Go's module cache; gitea also needs a C compiler",
  });
}
