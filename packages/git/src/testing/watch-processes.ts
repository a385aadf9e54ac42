import { readdirSync, readFileSync } from "node:fs";

/** Collects the command lines of all processes of this machine, until stopped. */
export interface ProcessWatch {
  /** @returns each command line that was seen, its arguments joined by a space */
  stop(): readonly string[];
}

/** Reads /proc over and over; short-lived children of git are seen as long as they wait for a server. */
export function watchProcesses(): ProcessWatch {
  const seen = new Set<string>();
  const timer = setInterval(() => {
    for (const line of commandLines()) seen.add(line);
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
  return readdirSync("/proc").flatMap((entry) => (/^\d+$/.test(entry) ? [commandLine(entry)] : []));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ").trim();
  } catch {
    return ""; // it has ended meanwhile
  }
}
