// What programs took that this process has started, and that have ended.
import { readFileSync } from "node:fs";

/** What /proc counts in, on every Linux that there is. */
const TICK_MS = 10;

/** Their processor time. @see proc_pid_stat(5), cutime and cstime: the fields behind the name of the program, which may hold blanks */
export function cpuOfEndedChildrenMs(): number {
  const stat = readFileSync("/proc/self/stat", "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
}
