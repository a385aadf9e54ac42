import { createHash } from "node:crypto";
import { type Inputs, inputsDigest } from "@kubeferry/layout";
import type { Call, GitOpsReport, PublishMode } from "@kubeferry/model";
import { type Delivered, type OpenHost, repeatQuiet, withPublished } from "@kubeferry/publish";
import type { Config } from "@kubeferry/shared-config";
import { openRunMemory, type RememberedRun, type RememberedSource, type RunMemory } from "./run-memory.ts";

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
   * Does what the last quiet run of the same inputs did; only what moved since is read.
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
  const sources = contentsOf(run);
  if (sources === undefined) return undefined;
  const { mode, allowRemovals, toolVersion, host } = run;
  const key = createHash("sha256")
    .update(JSON.stringify([inputsDigest(run), mode, allowRemovals, toolVersion, host.warnings]))
    .digest("hex");
  const memory = await openRunMemory(repository.cacheFolder, repository, Date.now);
  return {
    repeat: (call) => repeat({ key, sources }, memory, run, call),
    async remember({ delivered: { quiet }, report, objects }, call) {
      if (quiet !== undefined) await keep(memory, { key, at: Date.now(), sources, objects, quiet, report }, call);
    },
  };
}

/** @returns undefined where one of the sources does not tell whether it moved */
function contentsOf({ sources }: Pick<Inputs, "sources">): RememberedRun["sources"] | undefined {
  const contents: Record<string, RememberedSource> = {};
  for (const { id, sequence, content } of sources) {
    if (sequence === undefined || content === undefined) return undefined;
    contents[id] = { sequence, content };
  }
  return contents;
}

async function repeat(
  { key, sources }: Pick<RememberedRun, "key" | "sources">,
  memory: RunMemory,
  run: RepeatedRun,
  call: Call,
): Promise<Pick<RememberedRun, "report" | "objects"> | undefined> {
  const last = await memory.recall(key);
  if (last === undefined) return undefined;
  try {
    if (!(await holdTheSame(run, last.sources, call))) return undefined;
    const published = await repeatQuiet(last.quiet, run, call);
    if (published === undefined) return undefined;
    // What has to be read is what moved since, and the snapshot of back then may be pruned tomorrow.
    await keep(memory, { ...last, sources }, call);
    return { objects: last.objects, report: withPublished(last.report, published, run) };
  } catch (error) {
    call.signal.throwIfAborted();
    // Whatever is wrong, the whole run meets it too, and says what it means.
    call.log.debug("a quiet run could not be repeated", { operation: "gitops_repeat", error });
    return undefined;
  }
}

async function holdTheSame(
  { sources, cleaner }: RepeatedRun,
  then: RememberedRun["sources"],
  call: Call,
): Promise<boolean> {
  for (const source of sources) {
    const last = then[source.id];
    // A store that was taken back to an earlier state may lack what others proposed from.
    if (last === undefined || (source.sequence ?? 0) < last.sequence) return false;
    if (source.content !== last.content && !(await source.landsAs(last, cleaner, call))) return false;
  }
  return true;
}

async function keep(memory: RunMemory, run: RememberedRun, call: Call): Promise<void> {
  try {
    await memory.keep(run);
  } catch (error) {
    // The run has ended well; the next one looks at everything again.
    call.log.warn("run could not be remembered", { operation: "gitops_repeat", error });
  }
}
