import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ownerOf, type Run } from "./run.ts";

/**
 * Sees to it that a test run's servers end within a second of the test process, also when that is
 * killed. Does nothing for what `up` starts, and nothing the second time.
 */
export function guardRun(run: Run): void {
  if (ownerOf(run)?.kind !== "tests" || !isFirst(run)) return;
  const program = fileURLToPath(new URL("./guardian.ts", import.meta.url));
  spawn(process.execPath, ["--conditions=kubeferry-source", program, run.folder], {
    cwd: "/",
    env: { PATH: process.env.PATH ?? "" },
    stdio: "ignore",
    detached: true,
  }).unref();
}

function isFirst(run: Run): boolean {
  try {
    closeSync(openSync(join(run.folder, "guarded"), "wx", 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
