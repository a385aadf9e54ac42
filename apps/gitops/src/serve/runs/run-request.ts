import type { GitOpsReport } from "@kubeferry/model";

/**
 * What began a run: the receiver's start, a backup's call, the time since the last run, or the wait after a run that
 * failed because something did not answer.
 */
export type RunTrigger = "start" | "call" | "interval" | "retry";

/** What a run is asked. Nothing of the calls decides what it does. */
export interface RunRequest {
  readonly id: string;
  readonly trigger: RunTrigger;
  /** W3C Trace Context of the first call it answers; undefined where nobody called, or traced. */
  readonly traceparent: string | undefined;
  /** Those of the other calls. */
  readonly links: readonly string[];
  /** Aborted when the receiver has to go and the run has had its time. */
  readonly signal: AbortSignal;
}

/** What came of a run. */
export interface RunOutcome {
  readonly report: GitOpsReport;
  /** Undefined where nobody traces. */
  readonly traceId?: string;
}
