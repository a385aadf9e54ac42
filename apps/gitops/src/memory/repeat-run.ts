import { createHash } from "node:crypto";
import { type Inputs, inputsDigest } from "@kubeferry/layout";
import type { Call, GitOpsReport, PublishMode } from "@kubeferry/model";
import { type Delivered, type OpenHost, repeatQuiet, withPublished } from "@kubeferry/publish";
import type { Config } from "@kubeferry/shared-config";
import { openRunMemory, type RememberedRun, type RunMemory } from "./run-memory.ts";

/** A run that may stand where an earlier one ended that had nothing to do. */
export interface RepeatedRun extends Inputs {
  readonly config: Config;
  readonly mode: PublishMode;
  readonly host: OpenHost;
  readonly allowRemovals: boolean;
  readonly toolVersion: string;
}

/** The memory of such runs. */
export interface Repetition {
  /**
   * Does what the last quiet run of the same inputs did, without reading anything.
   * @returns what it reported; undefined where there is none, or it no longer holds
   */
  repeat(call: Call): Promise<Pick<RememberedRun, "report" | "objects"> | undefined>;
  /** @param report without its requests */
  remember(
    run: { readonly delivered: Delivered; readonly report: GitOpsReport; readonly objects: number },
    call: Call,
  ): Promise<void>;
}

/**
 * Opens the memory of a run.
 * @returns undefined for a run of which nothing may be remembered: it is to show or to verify, writes to a folder, reads
 *   sources that do not tell whether they moved, or has no place to keep anything
 * @throws GitError "invalid" for a folder that others may enter
 */
export async function openRepetition(run: RepeatedRun): Promise<Repetition | undefined> {
  const { repository, verify } = run.gitops;
  const isLasting = run.mode === "pull-request" || run.mode === "push";
  if (!isLasting || verify || repository.cacheFolder === undefined) return undefined;
  const inputs = inputsDigest(run);
  if (inputs === undefined) return undefined;
  const { mode, allowRemovals, toolVersion, host } = run;
  const key = createHash("sha256")
    .update(JSON.stringify([inputs, mode, allowRemovals, toolVersion, host.warnings]))
    .digest("hex");
  const memory = await openRunMemory(repository.cacheFolder, repository, Date.now);
  return {
    repeat: (call) => repeat(key, memory, run, call),
    remember: ({ delivered, report, objects }, call) =>
      remember(memory, { key, sequences: sequencesOf(run), objects, report }, delivered, call),
  };
}

async function repeat(
  key: string,
  memory: RunMemory,
  run: RepeatedRun,
  call: Call,
): Promise<Pick<RememberedRun, "report" | "objects"> | undefined> {
  const last = await memory.recall(key);
  // A store that was taken back to an earlier state may lack what others proposed from.
  if (last === undefined || !isAtLeast(sequencesOf(run), last.sequences)) return undefined;
  try {
    const published = await repeatQuiet(last.quiet, run, call);
    if (published === undefined) return undefined;
    return { objects: last.objects, report: withPublished(last.report, published, run) };
  } catch (error) {
    call.signal.throwIfAborted();
    // Whatever is wrong, the whole run meets it too, and says what it means.
    call.log.debug("a quiet run could not be repeated", { operation: "gitops_repeat", error });
    return undefined;
  }
}

async function remember(
  memory: RunMemory,
  run: Omit<RememberedRun, "quiet">,
  { quiet }: Delivered,
  call: Call,
): Promise<void> {
  if (quiet === undefined) return;
  try {
    await memory.keep({ ...run, quiet });
  } catch (error) {
    // The run has ended well; the next one looks at everything again.
    call.log.warn("run could not be remembered", { operation: "gitops_repeat", error });
  }
}

function sequencesOf({ sources }: Pick<Inputs, "sources">): Readonly<Record<string, number>> {
  return Object.fromEntries(sources.map(({ id, sequence = 0 }) => [id, sequence]));
}

function isAtLeast(now: Readonly<Record<string, number>>, then: Readonly<Record<string, number>>): boolean {
  return Object.entries(then).every(([id, sequence]) => (now[id] ?? 0) >= sequence);
}
