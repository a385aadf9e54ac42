import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readJson, writeJson } from "./run.ts";

// What workers leave in the run's folder for the summary.

/** A test file that asked for servers which are not here. */
export interface MissingNote {
  readonly servers: readonly string[];
  /** Programs that the machine itself lacks. */
  readonly programs: readonly string[];
  readonly testFile: string | undefined;
}

/** A program that a test of this run really used. */
export interface UseNote {
  readonly name: string;
  readonly version: string;
  readonly source: string;
  readonly path: string;
}

/** One JSON object a line; workers append. */
export function missingNotesFile(runFolder: string): string {
  return join(runFolder, "missing.ndjson");
}

/** @returns what was missing, in the order of asking. */
export function missingNotes(runFolder: string): MissingNote[] {
  const file = missingNotesFile(runFolder);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as MissingNote);
}

/** Says that a program was used; saying it again changes nothing. */
export function noteUse(runFolder: string, note: UseNote): void {
  const folder = join(runFolder, "used");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${note.name}.json`);
  if (!existsSync(file)) writeJson(file, note);
}

/** @returns what was used, by name. */
export function useNotes(runFolder: string): UseNote[] {
  const folder = join(runFolder, "used");
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return files
    .sort()
    .map((file) => readJson<UseNote>(join(folder, file)))
    .filter((note) => note !== undefined);
}
