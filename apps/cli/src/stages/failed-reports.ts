import { OverlayDifferenceError } from "@kubeferry/layout";
import { type BackupReport, type GitOpsReport, peakMemoryBytes } from "@kubeferry/model";
import { clusterLabel } from "../compose/pick-clusters.ts";
import type { Session } from "../compose/session.ts";

/** The report of a backup that could not run, or was told to stop first: every field is there, and nothing was committed. */
export function failedBackup(session: Session | undefined): BackupReport {
  return {
    stage: "backup",
    status: statusOf(session),
    snapshot: "",
    sequence: 0,
    cluster: session === undefined ? "" : clusterLabel(session.config),
    series: session?.config.backup.series ?? "",
    runId: session?.runId ?? "",
    secrets: session?.config.backup.secrets ?? "withhold",
    consistency: {
      asked: session?.config.backup.consistency ?? "type",
      revision: null,
      held: false,
      exceptions: [],
    },
    objects: 0,
    changed: 0,
    removed: 0,
    namespaces: 0,
    volumes: { dataNotIncluded: 0 },
    skipped: [],
    unread: [],
    failures: [],
    warnings: [],
    findings: { objects: 0, found: [] },
    segments: { written: 0, reused: 0 },
    mirror: { put: 0, deleted: 0, tooLarge: [] },
    pruned: null,
    announced: null,
    durationMs: 0,
    peakRssBytes: peakMemoryBytes(),
  };
}

/** The report of a stage 2 that could not run, or was told to stop first: every field is there, and nothing was pushed. */
export function failedGitOps(session: Session | undefined, error?: unknown): GitOpsReport {
  return {
    stage: "gitops",
    status: statusOf(session),
    snapshot: "",
    files: { written: 0, changed: 0, removed: 0 },
    frozen: [],
    blocked: [],
    validation: { errors: 0, warnings: 0, findings: [] },
    ...(error instanceof OverlayDifferenceError ? { verification: error.verification } : {}),
    warnings: [],
    mode: session?.config.gitops?.mode ?? "pull-request",
    commit: "",
    branch: session?.config.gitops?.repository.branch ?? "",
    pullRequest: null,
    requests: [],
  };
}

function statusOf(session: Session | undefined): "failed" | "interrupted" {
  return session?.stoppedBy() === undefined ? "failed" : "interrupted";
}
