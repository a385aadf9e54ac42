import type { RunTrigger } from "./run-request.ts";

/**
 * - "running"
 * - "complete", "partial": as the report says
 * - "unchanged": it was seen that nothing is new, and nothing was done
 * - "failed": nothing was pushed; `error` says why
 * - "interrupted": the receiver had to go before it ended
 */
type ServedRunStatus = "running" | "complete" | "partial" | "unchanged" | "failed" | "interrupted";

/** One run. Times are RFC 3339, UTC. */
export interface ServedRun {
  readonly id: string;
  readonly trigger: RunTrigger;
  /** How many calls it answers. */
  readonly calls: number;
  /** Who called, as they said: it is not what was read. */
  readonly clusters: readonly string[];
  readonly queuedAt: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly status: ServedRunStatus;
  /** Keys of the manifests it read. */
  readonly snapshots: readonly string[];
  /** "" when nothing was committed. */
  readonly commit: string;
  /** Addresses of its requests. */
  readonly requests: readonly string[];
  readonly traceId: string | null;
  readonly error: string | null;
}

/** What is to come. */
interface NextRun {
  readonly trigger: RunTrigger;
  readonly calls: number;
  readonly clusters: readonly string[];
  readonly queuedAt: string;
  /** Not before then. */
  readonly dueAt: string;
}

/** What `GET /v1/runs` answers. */
export interface RunsDocument {
  readonly format: 1;
  /** Null while the first run waits for the store. */
  readonly next: NextRun | null;
  /** The last 50, the newest first; the first can be under way. */
  readonly runs: readonly ServedRun[];
}
