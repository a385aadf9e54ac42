import { type Cleaned, type Cleaner, createCleaner, emitJson, emitYaml, ruleTable } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { loadConfiguration } from "../compose/load-configuration.ts";
import { ExitCode } from "../exit-code.ts";
import { count, note } from "../present/print.ts";
import { printRules } from "./print-rules.ts";
import { readInput } from "./read-input.ts";

/** What the command line gives. */
export interface CleanArguments {
  readonly file?: string;
  readonly config: readonly string[];
  readonly output: "json" | "yaml";
  readonly rules: boolean;
}

/**
 * Cleans objects: what is left goes to stdout, what went and why to stderr.
 * @returns 0, or 1 when something in the input was no Kubernetes object
 * @throws ConfigError, CleanError, InputError: then nothing was written
 */
export async function runClean(args: CleanArguments): Promise<number> {
  if (args.rules) {
    printRules(args.output);
    return ExitCode.done;
  }
  const cleaner = await cleanerOf(args.config);
  const { objects, problems } = await readInput(args.file);
  const views: JsonObject[] = [];
  const seen = { removed: 0, guessed: false };
  for (const object of objects) {
    const dropped = cleaner.dropReason(object);
    if (dropped !== undefined) {
      note(`${nameOf(object)}: left out by ${dropped.rule}: ${dropped.reason}`);
      continue;
    }
    const cleaned = cleaner.clean(object);
    say(object, cleaned);
    views.push(cleaned.object);
    seen.removed += cleaned.removed.length;
    seen.guessed ||= isGuess(object, cleaned);
  }
  write(views, args.output);
  for (const problem of problems) note(problem);
  if (seen.guessed) note(NO_MANAGED_FIELDS);
  note(summary(views.length, objects.length - views.length, seen.removed));
  return problems.length === 0 ? ExitCode.done : ExitCode.doneWithFailures;
}

const NO_MANAGED_FIELDS =
  "without metadata.managedFields, values that somebody chose cannot be told from allocated ones: kubectl shows them with --show-managed-fields";

async function cleanerOf(files: readonly string[]): Promise<Cleaner> {
  if (files.length === 0) return createCleaner();
  const { config } = await loadConfiguration({ config: files, configDir: [], set: [] });
  return createCleaner(config.clean);
}

function say(object: JsonObject, { removed }: Cleaned): void {
  note(removed.length === 0 ? `${nameOf(object)}: nothing to remove` : nameOf(object));
  for (const { path, rule, reason } of removed) note(`  ${path}: ${rule}: ${reason}`);
}

/** Whether something went of which only managedFields could say that somebody had written it. */
function isGuess(object: JsonObject, { removed }: Cleaned): boolean {
  const { metadata } = object;
  const isBooked = typeof metadata === "object" && metadata !== null && Object.hasOwn(metadata, "managedFields");
  const unlessWritten = new Set(
    ruleTable()
      .fields.filter(({ keptWhen }) => keptWhen === "written")
      .map(({ id }) => id),
  );
  return !isBooked && removed.some(({ rule }) => unlessWritten.has(rule));
}

/** Not by `print`, which makes odd characters harmless for a terminal: these bytes are the result. */
function write(views: readonly JsonObject[], output: "json" | "yaml"): void {
  if (output === "yaml") process.stdout.write(views.map((view) => emitYaml(view)).join("---\n"));
  else process.stdout.write(emitJson(onlyOne(views) ?? { apiVersion: "v1", items: [...views], kind: "List" }));
}

function onlyOne(views: readonly JsonObject[]): JsonObject | undefined {
  return views.length === 1 ? views[0] : undefined;
}

function nameOf({ kind, metadata }: JsonObject): string {
  const { name, namespace } = typeof metadata === "object" && metadata !== null ? (metadata as JsonObject) : {};
  const key = [namespace, name].filter((part) => typeof part === "string").join("/");
  return `${String(kind)} ${key === "" ? "without a name" : key}`;
}

function summary(cleaned: number, dropped: number, removed: number): string {
  const left = dropped === 0 ? "" : `, ${count(dropped, "object")} left out`;
  return `${count(cleaned, "object")}, ${count(removed, "field")} removed${left}`;
}
