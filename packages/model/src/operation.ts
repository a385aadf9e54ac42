/** What one operation's lines say. */
interface OperationEntry {
  /** Who writes them. */
  readonly component: "backup" | "gitops" | "any";
  /** At which levels, the usual one first. */
  readonly levels: readonly ("debug" | "info" | "warn" | "error")[];
  readonly meaning: string;
  /** Fields below `data`, beside those of an error. */
  readonly data: readonly string[];
}

/**
 * Every value of the log field `operation`: the compiler, the JSON Schema of a line and the reference page read this
 * one list. Dashboards and scripts select by these names: they are added to, and not renamed.
 */
export const LOG_OPERATIONS = {
  config: {
    component: "any",
    levels: ["info", "warn"],
    meaning:
      "A setting is not safe, was left at its default although security depends on it, or is not used; and, `info`, an old key that is not used.",
    data: ["setting", "notice"],
  },
  backup_start: {
    component: "backup",
    levels: ["info"],
    meaning: "A backup begins; the cluster is known and the store answers.",
    data: ["store", "bucket", "series", "parent"],
  },
  backup_complete: {
    component: "backup",
    levels: ["info", "warn", "error"],
    meaning: "A backup ended, once a run: `info` complete, `warn` partial or interrupted, `error` failed.",
    data: [
      "status",
      "snapshot",
      "backed_up",
      "changed",
      "removed",
      "namespaces",
      "skipped",
      "unread",
      "failures",
      "segments_written",
      "segments_reused",
      "mirror_put",
      "mirror_deleted",
      "duration_ms",
    ],
  },
  backup_retry: {
    component: "backup",
    levels: ["warn"],
    meaning: "The parent snapshot turned out damaged; everything is captured again and written anew.",
    data: [],
  },
  lease: {
    component: "any",
    levels: ["info", "warn"],
    meaning:
      "`info`: another run is at work on the series, and is looked at until it shows that it is alive. `warn`: a dead run's lease was taken over, or the own one could not be kept.",
    data: ["series", "holder", "ttl_ms", "key"],
  },
  backup_cut: {
    component: "backup",
    levels: ["info"],
    meaning: "The revision that all types are listed at was read; `revision` is null where there was none.",
    data: ["revision", "types"],
  },
  minio_connect: {
    component: "any",
    levels: ["error"],
    meaning:
      "The object store cannot be used: unreachable, denied, or without its bucket. The name is the same for every kind of store.",
    data: ["store", "bucket"],
  },
  store_prepare: {
    component: "any",
    levels: ["info"],
    meaning: "The bucket was created, or a folder was tidied of what a dead run left.",
    data: ["store", "files"],
  },
  request_retry: {
    component: "any",
    levels: ["warn", "debug"],
    meaning: "A request to the API server, the store or a Git host is sent again after a wait.",
    data: ["target", "request", "attempt", "attempts", "delayMs", "kind", "code", "status"],
  },
  api_pressure: {
    component: "any",
    levels: ["info"],
    meaning: "The API server has too much to do; so many lists are read at once from now on.",
    data: ["lists"],
  },
  api_breaker: {
    component: "any",
    levels: ["warn", "info"],
    meaning:
      "`warn`: the API server gave no answer several times, and nothing is sent for a while. `info`: it answers again.",
    data: ["state", "failures", "openMs"],
  },
  cluster_identify: {
    component: "backup",
    levels: ["debug", "warn"],
    meaning: "One way to find out which cluster this is could not be used.",
    data: ["request", "reason", "series"],
  },
  resource_list: {
    component: "backup",
    levels: ["error", "warn"],
    meaning:
      "`error`: a type could not be listed and is unread in this snapshot. `warn`: its list goes on or starts again after an expired token.",
    data: ["request", "objects"],
  },
  resource_filter: {
    component: "backup",
    levels: ["warn", "info", "debug"],
    meaning:
      "A type, or objects of it, were left out; `reason` says by which rule. `warn`: an entry of the filter fits nothing.",
    data: ["reason", "detail", "skipped", "object"],
  },
  resource_backup_complete: {
    component: "backup",
    levels: ["info"],
    meaning: "One type is captured. `namespace` is there when all its objects lie in one.",
    data: ["backed_up", "skipped", "invalid", "duration_ms"],
  },
  openapi_fetch: {
    component: "backup",
    levels: ["warn"],
    meaning: "An OpenAPI document could not be read, and is not in the snapshot.",
    data: ["request"],
  },
  snapshot_write: {
    component: "backup",
    levels: ["warn"],
    meaning: "Something of an earlier snapshot was replaced or not carried over.",
    data: ["key", "sizeBytes", "foundBytes", "objects"],
  },
  snapshot_commit: {
    component: "backup",
    levels: ["info"],
    meaning: "The manifest is created: from here on the snapshot exists.",
    data: ["key", "objects", "complete"],
  },
  count_changes: {
    component: "backup",
    levels: ["warn"],
    meaning: "What changed since the parent could not be counted; the snapshot stands.",
    data: [],
  },
  mirror_update: {
    component: "backup",
    levels: ["info", "warn"],
    meaning: "`info`: the mirror was brought up to the snapshot. `warn`: it could not be, or had to be written anew.",
    data: ["outcome", "snapshot", "put", "deleted", "failures"],
  },
  prune: {
    component: "any",
    levels: ["info", "warn"],
    meaning:
      "`info`: snapshots that retention lets go were removed, and bytes that none names. `warn`: something of it could not be; no snapshot is harmed.",
    data: ["series", "snapshots", "blobs", "bytes", "later", "failures", "blocked"],
  },
  metrics: {
    component: "any",
    levels: ["warn", "info"],
    meaning: "Metrics are served or were pushed; `warn`: they could not be. The run goes on.",
    data: ["url", "problem"],
  },
  gitops_start: {
    component: "gitops",
    levels: ["info"],
    meaning: "Stage 2 begins.",
    data: ["snapshots"],
  },
  gitops_complete: {
    component: "gitops",
    levels: ["info", "warn", "error"],
    meaning:
      "Stage 2 ended, once a run: `info` complete, `warn` partial, waiting or interrupted, `error` failed: nothing was pushed.",
    data: [
      "status",
      "commit",
      "written",
      "changed",
      "removed",
      "requests",
      "frozen",
      "blocked",
      "validation_errors",
      "waits_for",
      "duration_ms",
    ],
  },
  gitops_finding: {
    component: "gitops",
    levels: ["warn"],
    meaning: "Something in the generated tree is worth a look.",
    data: ["warning"],
  },
  gitops_repeat: {
    component: "gitops",
    levels: ["info", "debug", "warn"],
    meaning:
      "`info`: nothing moved since a run that had nothing to do, and its report stands. `debug`: whether that is so could not be seen, and the run looks at everything. `warn`: a run could not be remembered.",
    data: [],
  },
  gitops_verify: {
    component: "gitops",
    levels: ["info", "error"],
    meaning:
      "`info`: every overlay was built and is as it is to be, those aside that `not_verified` counts. `error`: one is not, and nothing is pushed; a line for each difference, and one that counts them.",
    data: [
      "by",
      "overlays",
      "objects",
      "differing",
      "not_verified",
      "overlay",
      "difference",
      "object",
      "path",
      "reason",
    ],
  },
  git_read: {
    component: "gitops",
    levels: ["debug", "warn"],
    meaning: "The repository was opened, or its history deepened.",
    data: ["url", "base", "commit", "depth", "commits", "key"],
  },
  git_push: {
    component: "gitops",
    levels: ["info", "warn"],
    meaning:
      "A branch was pushed, had moved, could not be tidied, or could not be brought up to date while others could.",
    data: ["branch", "commit", "tries"],
  },
  argocd_sync: {
    component: "any",
    levels: ["info"],
    meaning: "Argo CD was asked to sync an Application to a commit.",
    data: ["application", "revision"],
  },
  host_request: {
    component: "gitops",
    levels: ["debug", "warn"],
    meaning: "A Git host answered, or does not do all that was asked.",
    data: ["host", "method", "path", "status", "durationMs", "labels", "limit"],
  },
  restore_apply: {
    component: "any",
    levels: ["info"],
    meaning: "A restore ended, whole or stopped: what became of the objects of its plan so far.",
    data: ["counts", "of"],
  },
  restore_drill: {
    component: "any",
    levels: ["info", "warn"],
    meaning: "A drill ended early: what became of what it had made, and the command that removes the rest.",
    data: ["run", "command", "left"],
  },
  security_event: {
    component: "any",
    levels: ["warn", "info"],
    meaning:
      "Something that whoever guards the system wants to see; `event` says what, and each counts in `kubeferry_security_events_total`. Of a flood the first lines are written, and then one that stands for all other `events`.",
    data: ["event", "target", "reason", "events"],
  },
  announce: {
    component: "backup",
    levels: ["info", "warn"],
    meaning: "`info`: stage 2 was told of the new snapshot. `warn`: it could not be; its own schedule finds it.",
    data: ["via", "url", "job", "status"],
  },
  serve: {
    component: "gitops",
    levels: ["info", "warn", "error"],
    meaning:
      "The receiver of backup-complete calls listens, begins a run or ends; `trigger` says what a run was begun by.",
    data: ["url", "inner", "trigger", "calls", "run", "status", "nextInMs"],
  },
  serve_call: {
    component: "gitops",
    levels: ["info", "warn"],
    meaning:
      "A backup-complete call came in; `warn`: it was refused, or `refused` more of one address than are written.",
    data: ["id", "snapshot", "from", "reason", "refused"],
  },
  config_reload: {
    component: "any",
    levels: ["info", "warn", "error"],
    meaning:
      "`info`: a changed configuration is used from now on; `warn`: but the keys under `restart` from the next start. `error`: it cannot be used, and the one before stays.",
    data: ["changed", "restart"],
  },
  notify: {
    component: "any",
    levels: ["info", "warn", "debug"],
    meaning:
      "`info`: somebody was told of a run. `warn`: a channel could not be used. `debug`: the same was told there before, or what was told before is not known.",
    data: ["channel", "outcome", "status"],
  },
  tracing: {
    component: "any",
    levels: ["warn"],
    meaning: "Spans could not be sent; nothing else is worse for it.",
    data: ["url", "spans"],
  },
  shutdown: {
    component: "any",
    levels: ["info", "warn"],
    meaning:
      "The process was told to stop: `info` it finishes what is in flight, `warn` its time is over and it leaves it.",
    data: ["signal", "timeoutMs"],
  },
  replay: {
    component: "any",
    levels: ["warn"],
    meaning: "The read-only API over a snapshot could not answer.",
    data: [],
  },
} as const satisfies Readonly<Record<string, OperationEntry>>;

/** What a log line is about: "backup_start". */
export type LogOperation = keyof typeof LOG_OPERATIONS;
