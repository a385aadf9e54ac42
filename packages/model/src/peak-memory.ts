import { readFileSync } from "node:fs";

/**
 * The most memory that this process has had at a time, in bytes, as the kernel counts what a limit counts (resident).
 * Linux keeps the peak of the program that was there before `exec` in `getrusage`: whoever is started by a large process
 * would seem as large. /proc/self/status has its own alone, and where there is none, `getrusage` has to do.
 */
export function peakMemoryBytes(): number {
  return ownPeakBytes() ?? process.resourceUsage().maxRSS * 1024;
}

function ownPeakBytes(): number | undefined {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "latin1")) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
