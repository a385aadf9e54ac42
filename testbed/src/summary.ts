import type { UseNote } from "./runs/notes.ts";

/** What the last line says. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A test that did not run. */
export interface SkippedTest {
  readonly file: string;
  readonly name: string;
  /** undefined when nobody said why. */
  readonly reason: string | undefined;
}

/** What a run leaves to say. */
export interface RunSummary {
  /** A line each, listed last: their own output is far above a long end, or no longer there. */
  readonly failed: readonly string[];
  readonly skipped: readonly SkippedTest[];
  readonly used: readonly UseNote[];
  /** A name filter was given: what it leaves out is counted, not listed. */
  readonly filtered: boolean;
  /** Whether a test asked for a server that is not here. */
  readonly missing: boolean;
}

const withoutReason = "no reason given: it.skip, a condition without a note, or .only elsewhere";

/** The lines between the default output and the counts. */
export function summaryLines({ failed, skipped, used, filtered, missing }: RunSummary): string[] {
  const listed = skipped.filter((test) => !filtered || test.reason !== undefined);
  const lines = ["", ...skippedLines(listed)];
  if (listed.length < skipped.length) lines.push(`${skipped.length - listed.length} do not match the name filter`);
  if (missing) lines.push("The missing servers come with: npm run testbed -- build");
  lines.push(used.length === 0 ? "Real servers in this run: none" : "Real servers and programs in this run:");
  lines.push(...used.map(usedLine));
  return failed.length === 0 ? lines : [...lines, `Failed, ${failed.length} in all:`, ...failed.map(indented)];
}

function skippedLines(tests: readonly SkippedTest[]): string[] {
  if (tests.length === 0) return [];
  const byReason = Map.groupBy(tests, (test) => test.reason ?? withoutReason);
  const lines = [`Skipped, ${tests.length} in all:`];
  for (const [reason, group] of byReason) {
    lines.push(`  ${reason} (${group.length})`);
    for (const test of group) lines.push(`    ${test.file} > ${test.name}`);
  }
  return lines;
}

function indented(line: string): string {
  return `  ${line}`;
}

function usedLine(note: UseNote): string {
  if (note.source === "cache") return `  ${note.name} ${note.version}`;
  return `  ${note.name} from ${note.source}: ${note.path} (pinned: ${note.version})`;
}
