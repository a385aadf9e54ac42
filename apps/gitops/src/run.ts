import { checkGaps, generateContent, type InputOptions, openInputs, openSpool, shapeOf } from "@kubeferry/layout";
import type { Call, GitOpsReport } from "@kubeferry/model";
import { type DeliveryStep, deliver, openHost, type PreviewReader, reportOf, waitingReport } from "@kubeferry/publish";

/** What a run of stage 2 needs. */
export interface GitOpsOptions extends InputOptions {
  /** Lets a run remove more files than `gitops.maxRemovals`. */
  readonly allowRemovals: boolean;
  /**
   * Makes it a dry run, whatever `gitops.mode` says: shows what would be proposed, and proposes nothing; no push, and no
   * question to the host. A dry run of the configuration may leave it out.
   */
  readonly dryRun?: PreviewReader;
  readonly runId: string;
  readonly toolVersion: string;
  readonly onProgress?: (progress: GitOpsProgress) => void;
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
export async function runGitOps(options: GitOpsOptions, call: Call): Promise<GitOpsReport> {
  const inputs = await openInputs(options, call);
  const { gitops, sources } = inputs;
  call.log.info("gitops starts", {
    operation: "gitops_start",
    run_id: options.runId,
    snapshots: sources.map(({ snapshotKey }) => snapshotKey),
  });
  const mode = options.dryRun === undefined ? gitops.mode : "dry-run";
  const waitsFor = checkGaps(sources, gitops.source);
  if (waitsFor.length > 0) {
    // It ends before it looks at Git; what is there stays, and so does an open request.
    const report = waitingReport({ waitsFor, sources, gitops, mode });
    const said = { operation: "gitops_complete", status: report.status, waitsFor } as const;
    call.log.warn("waits for a snapshot without gaps", said);
    return report;
  }
  // Before anything is read: what the host does not take ends or changes the run at its beginning.
  const host = await openHost(gitops, mode, call);
  const spool = await openSpool();
  try {
    const seen = { objects: 0 };
    const onStep = (step: GitOpsProgress["step"]) => options.onProgress?.({ step, objects: seen.objects });
    const onObject = (): void => {
      seen.objects += 1;
      onStep("read");
    };
    const run = { ...options, ...inputs, mode, host, spool, shape: shapeOf(gitops), onStep };
    const generation = await generateContent(run, onObject, call);
    const delivered = await deliver({ ...run, generation }, call);
    const report = reportOf({ ...run, ...delivered, findings: generation.findings });
    call.log.info("gitops ends", { operation: "gitops_complete", status: report.status, commit: report.commit });
    return report;
  } finally {
    await spool.close();
    await host.close();
  }
}
