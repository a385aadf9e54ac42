import type { Reporter, TestCase, TestModule, TestSuite, Vitest } from "vitest/node";
import { runVariable } from "./runs/current-variable.ts";
import { type MissingNote, missingNotes, useNotes } from "./runs/notes.ts";
import { type SkippedTest, summaryLines, type TestCounts } from "./summary.ts";

declare module "vitest" {
  interface TaskMeta {
    /** Why a test or suite may be skipped: `it.skipIf(reason)("name", { meta: { skipReason: reason } }, run)`. */
    skipReason?: string;
  }
}

/**
 * Ends a test run with what the default output leaves out: every skipped test with its reason, the
 * servers that were real, and, as the very last line, `N passed, N failed, N skipped`.
 */
export class SummaryReporter implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const runFolder = process.env[runVariable];
    const missing = runFolder === undefined ? [] : missingNotes(runFolder);
    const reasons = reasonsByFile(missing);
    const skipped = modules.flatMap((module) => skippedTests(module, reasons));
    const used = runFolder === undefined ? [] : useNotes(runFolder);
    const filtered = this.#vitest?.config.testNamePattern !== undefined;
    const failed = failedPlaces(modules, unhandledErrors.length);
    for (const line of summaryLines({ failed, skipped, used, filtered, missing: missing.length > 0 }))
      process.stdout.write(`${line}\n`);
    this.#writeLast({ ...countOthers(modules), failed: failed.length });
  }

  /** After everything else that is printed, coverage and the end of the servers included. */
  #writeLast(counts: TestCounts): void {
    if (this.#vitest?.config.watch === true) {
      process.stdout.write(countLine(counts));
      return;
    }
    process.once("exit", (code) => {
      // Something that is no test failed: a coverage threshold, the end of a server.
      const other = code !== 0 && counts.failed === 0;
      if (other) process.stdout.write(`the run itself failed with exit code ${code}, see above; counted as 1 failed\n`);
      process.stdout.write(countLine(other ? { ...counts, failed: 1 } : counts));
    });
  }
}

function countLine({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped\n`;
}

/** Every failed test, hook and file, and the errors that belong to none of them. */
function failedPlaces(modules: readonly TestModule[], unhandledErrors: number): string[] {
  const places: string[] = [];
  for (const module of modules) {
    const file = module.relativeModuleId;
    for (const _ of module.errors()) places.push(file);
    for (const suite of module.children.allSuites())
      for (const _ of suite.errors()) places.push(`${file} > ${suite.fullName} (a hook)`);
    for (const test of module.children.allTests("failed")) places.push(`${file} > ${test.fullName}`);
  }
  for (let error = 0; error < unhandledErrors; error++) places.push("an error outside of tests");
  return places;
}

function countOthers(modules: readonly TestModule[]): Omit<TestCounts, "failed"> {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  // A test that never got its turn (an interrupted run) has not been tried.
  const skipped = tests.filter((test) => ["skipped", "pending"].includes(test.result().state)).length;
  return { passed: tests.filter((test) => test.result().state === "passed").length, skipped };
}

function skippedTests(module: TestModule, missing: ReadonlyMap<string, string>): SkippedTest[] {
  const skipped: SkippedTest[] = [];
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state !== "skipped" && state !== "pending") continue;
    const reason = state === "pending" ? "the run ended before its turn" : reasonOf(test, missing.get(module.moduleId));
    skipped.push({ file: module.relativeModuleId, name: test.fullName, reason });
  }
  return skipped;
}

function reasonOf(test: TestCase, missing: string | undefined): string | undefined {
  const result = test.result();
  if (result.state === "skipped" && result.note !== undefined) return result.note;
  if (test.options.mode === "todo") return "to do";
  return skipReasonInMeta(test) ?? failedAbove(test) ?? missing;
}

function skipReasonInMeta(test: TestCase): string | undefined {
  return [test, ...parentsOf(test)].map((task) => task.meta().skipReason).find((reason) => reason !== undefined);
}

/** When a hook fails, its tests are never started: they count as skipped, the hook's error as failed. */
function failedAbove(test: TestCase): string | undefined {
  return parentsOf(test).some((parent) => parent.errors().length > 0) ? "a hook of its suite failed" : undefined;
}

function parentsOf(test: TestCase): (TestSuite | TestModule)[] {
  const parents: (TestSuite | TestModule)[] = [];
  for (let at = test.parent; ; at = at.parent) {
    parents.push(at);
    if (at.type === "module") return parents;
  }
}

/** One reason a file: its tests do not say which of the servers each of them needs. */
function reasonsByFile(notes: readonly MissingNote[]): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  for (const [file, ofFile] of Map.groupBy(notes, (note) => note.testFile)) {
    if (file === undefined) continue;
    const servers = new Set(ofFile.flatMap((note) => note.servers));
    const programs = new Set(ofFile.flatMap((note) => note.programs));
    const machine = programs.size === 0 ? "" : ` (install ${[...programs].join(", ")})`;
    reasons.set(file, `needs ${[...servers].join(", ")}${machine}`);
  }
  return reasons;
}
