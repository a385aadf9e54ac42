import { readdirSync, readFileSync } from "node:fs";

/** Collects the command lines of all processes of this machine, until stopped. */
export interface ProcessWatch {
  /** @returns each command line that was seen, its arguments joined by a space */
  stop(): readonly string[];
}

/**
 * Reads /proc over and over; short-lived children of git are seen as long as they wait for a server. What ran before is
 * left out: on a busy machine reading it again and again costs more than the test.
 */
export function watchProcesses(): ProcessWatch {
  const before = new Set(processIds());
  const seen = new Set<string>();
  const timer = setInterval(() => {
    for (const id of processIds()) if (!before.has(id)) seen.add(commandLine(id));
  }, 2);
  return {
    stop() {
      clearInterval(timer);
      return [...seen];
    },
  };
}

/** The command lines of all processes of this machine right now. */
export function commandLines(): readonly string[] {
  return processIds().map(commandLine);
}

function processIds(): readonly string[] {
  return readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ").trim();
  } catch {
    return ""; // it has ended meanwhile
  }
}
