import {
  checkGaps,
  generateContent,
  type InputOptions,
  type Inputs,
  openInputs,
  openSpool,
  type Source,
  shapeOf,
} from "@kubeferry/layout";
import { type Call, callWith, type GitOpsReport, inSpan, noteSecurityEvent, type Span } from "@kubeferry/model";
import { type DeliveryStep, deliver, openHost, type PreviewReader, reportOf, waitingReport } from "@kubeferry/publish";
import { openRepetition, type RepeatedRun, type Repetition } from "./memory/repeat-run.ts";
import { endOf, logBlockedSecrets } from "./run-log.ts";

/** What a run of stage 2 needs. */
export interface GitOpsOptions extends InputOptions {
  /** Lets a run remove more files than `gitops.maxRemovals`. */
  readonly allowRemovals: boolean;
  /**
   * Makes it a dry run, whatever `gitops.mode` says: shows what would be proposed, and proposes nothing; no push, and no
   * question to the host. A dry run of the configuration may leave it out.
   */
  readonly dryRun?: PreviewReader;
  /** The PATH on which `gitops.verify` looks for kustomize, then kubectl. Left out: our own model builds. */
  readonly programPath?: string;
  readonly runId: string;
  readonly toolVersion: string;
  readonly onProgress?: (progress: GitOpsProgress) => void;
  readonly observer?: GitOpsObserver;
  /**
   * Begins the run's span, once it is known in which traces its newest snapshots were taken; those that were in none are
   * not in the list. Left out: it goes below the call's.
   */
  readonly beginSpan?: (snapshots: readonly string[]) => Span;
}

/** Who follows a run to count it. */
export interface GitOpsObserver {
  /** What the run works with. */
  onSources(sources: readonly Pick<Source, "origin" | "takenAt">[]): void;
  /** @param objects in the repository, each cluster's by itself */
  onGenerated(objects: number): void;
}

/** How far a run is, for people who watch. */
export interface GitOpsProgress {
  readonly step: "read" | DeliveryStep;
  /** Read from the snapshots so far. */
  readonly objects: number;
}

/**
 * Stage 2: reads the newest snapshots, lays them out as a repository, and does with what differs as `gitops.mode` says.
 * @returns the report; blocked objects, frozen folders and single parts that failed are in it and do not throw
 * @throws GitOpsError, GitError, PlatformError, StorageError, SnapshotError when nothing could be proposed; then
 *   nothing was pushed
 */
export async function runGitOps(options: GitOpsOptions, outer: Call): Promise<GitOpsReport> {
  const call = callWith(outer, { component: "gitops", run_id: options.runId });
  try {
    return await runInSpan(options, call);
  } catch (error) {
    noteSecurityEvent(error, call);
    throw error;
  }
}

async function runInSpan(options: GitOpsOptions, call: Call): Promise<GitOpsReport> {
  const inputs = await inSpan(call, "find_snapshots", {}, (inner) => openInputs(options, inner));
  options.observer?.onSources(inputs.sources);
  const span = beginSpan(options, inputs, call);
  if (span === undefined) return runOn(inputs, options, call);
  try {
    const report = await runOn(inputs, options, { ...callWith(call, { trace_id: span.traceId }), span });
    span.set({ status: report.status, snapshot: report.snapshot, commit: report.commit });
    span.end();
    return report;
  } catch (error) {
    span.end(error);
    throw error;
  }
}

/** What is asked for as of an earlier time goes on with nothing. */
function beginSpan(options: GitOpsOptions, { sources }: Inputs, call: Call): Span | undefined {
  const traces = sources.flatMap(({ trace, at }) => (trace === undefined || at !== undefined ? [] : [trace]));
  return options.beginSpan === undefined ? call.span?.child("gitops") : options.beginSpan([...new Set(traces)]);
}

async function runOn(inputs: Inputs, options: GitOpsOptions, call: Call): Promise<GitOpsReport> {
  const startedMs = performance.now();
  const { gitops, sources } = inputs;
  const snapshots = sources.map(({ snapshotKey }) => snapshotKey);
  call.log.info("gitops starts", { operation: "gitops_start", data: { snapshots } });
  for (const { reason } of inputs.waiting)
    call.log.warn("worth a look", { operation: "gitops_finding", warning: reason });
  const mode = options.dryRun === undefined ? gitops.mode : "dry-run";
  const waitsFor = checkGaps(sources, gitops.source);
  if (waitsFor.length > 0) {
    // It ends before it looks at Git; what is there stays, and so does an open request.
    const report = waitingReport({ ...inputs, waitsFor, mode });
    call.log.warn("waits for a snapshot without gaps", endOf(report, startedMs));
    return report;
  }
  // Before anything is read: what the host does not take ends or changes the run at its beginning.
  const host = await openHost(gitops, mode, call);
  try {
    const run = { ...options, ...inputs, mode, host };
    const repetition = await openRepetition(run);
    const report = (await repeatedRun(run, repetition, call)) ?? (await wholeRun(run, repetition, call));
    call.log[report.status === "complete" ? "info" : "warn"]("gitops ends", endOf(report, startedMs));
    return report;
  } finally {
    await host.close();
  }
}

/** A run whose host was opened. */
type OpenedRun = GitOpsOptions & RepeatedRun;

async function repeatedRun(
  { observer }: OpenedRun,
  repetition: Repetition | undefined,
  call: Call,
): Promise<GitOpsReport | undefined> {
  const last = repetition && (await inSpan(call, "repeat", {}, (inner) => repetition.repeat(inner)));
  if (last === undefined) return undefined;
  observer?.onGenerated(last.objects);
  logBlockedSecrets(last.report.blocked, call);
  call.log.info("nothing moved since a run that had nothing to do", { operation: "gitops_repeat" });
  return last.report;
}

/** Reads everything, lays it out, and delivers it. */
async function wholeRun(opened: OpenedRun, repetition: Repetition | undefined, call: Call): Promise<GitOpsReport> {
  const { observer, onProgress, store, gitops } = opened;
  const spool = await openSpool();
  try {
    const seen = { objects: 0 };
    const onStep = (step: GitOpsProgress["step"]) => onProgress?.({ step, objects: seen.objects });
    const onObject = (): void => {
      seen.objects += 1;
      onStep("read");
    };
    const run = { ...opened, spool, shape: shapeOf(gitops), onStep };
    const generation = await inSpan(call, "generate", {}, (inner) => generateContent(run, onObject, inner));
    const { findings } = generation;
    const objects = [...findings.taken.values()].reduce((sum, count) => sum + count, 0);
    observer?.onGenerated(objects);
    logBlockedSecrets(findings.blocked, call);
    const hasSnapshot = async (key: string, inner: Call) => (await store.head(key, inner)) !== undefined;
    const delivered = await deliver({ ...run, generation, hasSnapshot }, call);
    const ended = { ...run, ...delivered, findings };
    await repetition?.remember({ delivered, objects, report: reportOf({ ...ended, published: [] }) }, call);
    return reportOf(ended);
  } finally {
    await spool.close();
  }
}
