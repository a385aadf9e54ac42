// The command line as it is installed, measured from outside.
import { copyFile, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Ran, runMetered, type Start } from "./metered.ts";

const CLI = fileURLToPath(new URL("../../apps/cli", import.meta.url));
const BIN = "bin/kubeferry.js";

/**
 * Runs a command of `npm run build`'s bundle, or of the sources where KUBEFERRY_BENCH_SOURCE is set.
 * @throws Error with what it wrote to stderr when it ends with another code than 0
 */
export async function kubeferry(args: readonly string[], start: Start = {}): Promise<Ran> {
  if (process.env.KUBEFERRY_BENCH_SOURCE !== undefined) return runMetered([join(CLI, BIN), ...args], start);
  const installed = await install();
  try {
    return await runMetered([join(installed, BIN), ...args], start);
  } finally {
    await rm(installed, { recursive: true });
  }
}

/** A folder without sources beside the program, which would run those: the bundle in it is the checkout's. */
async function install(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "kubeferry-bench-"));
  await mkdir(join(folder, "bin"));
  await copyFile(join(CLI, BIN), join(folder, BIN));
  await Promise.all(["dist", "package.json"].map((name) => symlink(join(CLI, name), join(folder, name))));
  return folder;
}
