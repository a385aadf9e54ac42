import type { Failure } from "./report.ts";

/** What a restore did. */
export interface RestoreReport {
  readonly stage: "restore";
  /**
   * "partial": at least one object failed, is blocked, or was not what the plan saw any more. "interrupted": told to stop
   * before the last object; the same command again goes on.
   */
  readonly status: "complete" | "partial" | "interrupted";
  readonly source: {
    /** "crc.testing/wrl62" */
    readonly cluster: string;
    readonly series: string;
    readonly sequence: number;
    /** RFC 3339, UTC. */
    readonly finishedAt: string;
  };
  /** The cluster that was written to, for people. */
  readonly target: string;
  /** Objects of the plan by what became of them; each is counted once. */
  readonly objects: {
    readonly created: number;
    readonly updated: number;
    readonly replaced: number;
    readonly removed: number;
    /** They were as they should be, or an earlier run of the same plan had made them so. */
    readonly unchanged: number;
    /** There and different, and kept as they are because the policy says so. */
    readonly skipped: number;
    /** Not written, for a reason that the plan named. */
    readonly blocked: number;
    /** Not written, because they changed in the target after the plan was made. */
    readonly changed: number;
    readonly failed: number;
  };
  readonly failures: readonly Failure[];
  /** What was skipped, blocked or changed, each with its reason. */
  readonly notWritten: readonly { readonly object: string; readonly reason: string }[];
  /** No failures, and worth a look: the API server's own warnings, and those of the plan. */
  readonly warnings: readonly string[];
  readonly durationMs: number;
  /** Objects written or removed, by the time of the whole run. */
  readonly objectsPerSecond: number;
}
