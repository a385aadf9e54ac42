import { appendFileSync } from "node:fs";
import { buildCommand } from "./binaries/resolve.ts";
import { TestbedError } from "./errors.ts";
import type { Environment } from "./places.ts";
import { sharedRunFolder } from "./runs/current.ts";
import { type MissingNote, missingNotesFile } from "./runs/notes.ts";
import { type Lack, lackOf, type ServerName } from "./server-names.ts";

/**
 * Why the tests that need these cannot run here, or undefined when they can; used as
 * `describe.skipIf(missingServers("minio"))`. The summary at the end of a run names the reason.
 * @throws TestbedError "not-built" instead, when REQUIRE_SERVERS=1.
 */
export function missingServers(...names: ServerName[]): string | undefined {
  const reason = whyMissing(names, process.env);
  const lack = reason === undefined ? undefined : lackOf(names, process.env);
  if (lack !== undefined) noteMissing({ ...lack, testFile: callingTestFile() });
  return reason;
}

/** The same for an environment of one's choice, and without a note for the summary. */
export function whyMissing(names: readonly ServerName[], environment: Environment): string | undefined {
  const lack = lackOf(names, environment);
  if (lack === undefined) return undefined;
  if (environment.REQUIRE_SERVERS !== "1" || mayLack(lack, environment)) {
    return `needs ${lack.servers.join(", ")}: ${nextStep(lack)}`;
  }
  throw new TestbedError({
    kind: "not-built",
    who: "testbed",
    operation: `find ${lack.servers.join(", ")}`,
    problem: "missing, and REQUIRE_SERVERS=1 forbids to skip",
    next: nextStep(lack),
  });
}

/** `KUBEFERRY_TESTBED_MAY_LACK="jq pushgateway"`: programs of the machine that could not be installed here. */
function mayLack({ servers, binaries }: Lack, environment: Environment): boolean {
  const allowed = (environment.KUBEFERRY_TESTBED_MAY_LACK ?? "").split(" ");
  return binaries.length === 0 && servers.every((server) => allowed.includes(server));
}

function nextStep({ binaries, programs }: Lack): string {
  const steps = programs.map((program) => `install ${program}`);
  if (binaries.length > 0) steps.push(`run: ${buildCommand(binaries)}`);
  return steps.join(", then ");
}

function noteMissing(note: MissingNote): void {
  const folder = sharedRunFolder(process.env);
  if (folder !== undefined) appendFileSync(missingNotesFile(folder), `${JSON.stringify(note)}\n`);
}

/** vitest tells a skipped test's reason to nobody; the file that asked is how the summary finds it again. */
function callingTestFile(): string | undefined {
  const frames = (new Error("where from").stack ?? "").split("\n");
  const paths = frames.map((frame) => /(?:file:\/\/)?(\/[^():]+\.test\.ts)/.exec(frame)?.[1]);
  return paths.findLast((path) => path !== undefined);
}
