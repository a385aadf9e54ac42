import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmdirSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system of its own that a test may fill up. */
export interface SmallDisk {
  readonly path: string;
  /** Writes a file until nothing fits any more. @returns its path */
  fillUp(): string;
  close(): void;
}

/** @returns why there can be none on this machine; undefined where there can */
export function noSmallDisk(): string | undefined {
  try {
    mountDisk(64).close();
    return undefined;
  } catch {
    return "only root may mount a small file system to fill up";
  }
}

/** Mounts a file system of so many KiB in memory. */
export function mountDisk(sizeKiB: number): SmallDisk {
  const path = join(mkdtempSync(join(tmpdir(), "kubeferry-disk-")), "disk");
  mkdirSync(path);
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${sizeKiB}k`, "kubeferry-test", path], { stdio: "ignore" });
  return {
    path,
    fillUp: () => fill(join(path, "filler")),
    close() {
      execFileSync("umount", [path]);
      rmdirSync(path);
    },
  };
}

function fill(file: string): string {
  const handle = openSync(file, "a");
  try {
    for (;;) writeSync(handle, new Uint8Array(4096));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
    return file;
  } finally {
    closeSync(handle);
  }
}
