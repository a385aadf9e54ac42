import type { DurationCounts } from "@kubeferry/model";

/** How a run of stage 2 ended. "waiting": it touched nothing, because a snapshot has gaps. */
export type GitOpsRunStatus = "complete" | "partial" | "waiting" | "failed" | "interrupted";

/** Every one of them; each is there from the beginning, so that its first run is an increase. */
export const GITOPS_RUN_STATUSES: readonly GitOpsRunStatus[] = [
  "complete",
  "partial",
  "waiting",
  "failed",
  "interrupted",
];

/** What runs of stage 2 add up to. */
export interface GitOpsCounters {
  /** Those without any are left out. */
  readonly runs: Readonly<Partial<Record<GitOpsRunStatus, number>>>;
  readonly durations: DurationCounts;
}

/** What is known of one repository at a moment; what is not known yet is left out, and not zero. */
export interface GitOpsSample {
  /** Host and path: "git.example.com/acme/fleet.git". */
  readonly repository: string;
  readonly counters: GitOpsCounters;
  /** Of the last run, as are all below. */
  readonly objects?: number | undefined;
  readonly blockedObjects?: number | undefined;
  readonly blockedSecrets?: number | undefined;
  readonly frozenFolders?: number | undefined;
  readonly heldBackRemovals?: number | undefined;
  readonly openRequests?: number | undefined;
  /** Milliseconds since 1970, as all times here. */
  readonly lastSuccessMs?: number | undefined;
  readonly snapshots?: readonly { readonly cluster: string; readonly takenMs: number }[] | undefined;
}

/** What became of a backup-complete call. "repeated": it was accepted before. "limited": there were too many. */
export type CallOutcome = "accepted" | "repeated" | "refused" | "limited";

/** What the receiver of calls knows at a moment. */
export interface ReceiverSample {
  /** Those without any may be left out. */
  readonly calls: Readonly<Partial<Record<CallOutcome, number>>>;
  /** Accepted calls that no run has taken up yet. */
  readonly waiting: number;
  readonly running: boolean;
}

/**
 * Samples of stage 2 in Prometheus' text format. The library is loaded with the first call.
 * @param receiver left out where there is none
 */
export async function renderGitOpsMetrics(
  samples: readonly GitOpsSample[],
  receiver?: ReceiverSample,
): Promise<string> {
  const { gitopsExposition } = await import("./gitops-exposition.ts");
  return gitopsExposition(samples, receiver);
}
