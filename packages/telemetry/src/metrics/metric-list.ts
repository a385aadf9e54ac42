/** One metric: what the exposition and the reference page say of it. */
export interface MetricEntry {
  readonly type: "counter" | "gauge" | "histogram";
  /** Beside those that all metrics of its list have. */
  readonly labels: readonly string[];
  readonly help: string;
}

/** Every metric of stage 2. All but those of its receiver carry `repository`: host and path, never a credential. */
export const GITOPS_METRICS = {
  gitops_runs_total: {
    type: "counter",
    labels: ["repository", "status"],
    help: "Runs of stage 2 by how they ended: complete, partial, waiting, failed or interrupted.",
  },
  gitops_run_duration_seconds: {
    type: "histogram",
    labels: ["repository"],
    help: "Time from the start of a run of stage 2 to its end, however it ended.",
  },
  gitops_objects: {
    type: "gauge",
    labels: ["repository"],
    help: "Objects that the last run generated for Git.",
  },
  gitops_blocked_objects: {
    type: "gauge",
    labels: ["repository"],
    help: "Objects that the last run kept out of Git: they hold a credential, or nothing that kustomize can carry.",
  },
  gitops_blocked_secrets: {
    type: "gauge",
    labels: ["repository"],
    help: "Those of them that hold a credential.",
  },
  gitops_frozen_folders: {
    type: "gauge",
    labels: ["repository"],
    help: "Folders that the last run left as they are, because people edited them.",
  },
  gitops_held_back_removals: {
    type: "gauge",
    labels: ["repository"],
    help: "Files that the last run would have removed, were that not more than gitops.maxRemovals allows; 0 when it removed what there was to remove.",
  },
  gitops_open_requests: {
    type: "gauge",
    labels: ["repository"],
    help: "Requests that were open when the last run ended.",
  },
  gitops_last_success_timestamp_seconds: {
    type: "gauge",
    labels: ["repository"],
    help: "When the last run ended that was complete.",
  },
  gitops_snapshot_timestamp_seconds: {
    type: "gauge",
    labels: ["repository", "cluster"],
    help: "When the snapshot of a cluster was taken that the last run worked with.",
  },
  gitops_calls_total: {
    type: "counter",
    labels: ["outcome"],
    help: "Backup-complete calls: accepted, repeated, checked, refused or limited.",
  },
  gitops_waiting_calls: {
    type: "gauge",
    labels: [],
    help: "Accepted calls that no run has taken up yet.",
  },
  gitops_run_in_progress: {
    type: "gauge",
    labels: [],
    help: "1 while a run is at work, else 0.",
  },
} as const satisfies Readonly<Record<string, MetricEntry>>;

/** Metrics of every process that serves or pushes any. */
export const PROCESS_METRICS = {
  kubeferry_build_info: {
    type: "gauge",
    labels: ["version"],
    help: "1, with the version that runs.",
  },
  kubeferry_security_events_total: {
    type: "counter",
    labels: ["kind"],
    help: "Security events of this process.",
  },
  kubeferry_notifications_total: {
    type: "counter",
    labels: ["channel", "outcome"],
    help: "Messages to people by what became of them: sent, failed, or held-back because the same was told there not long ago.",
  },
} as const satisfies Readonly<Record<string, MetricEntry>>;

/** Every metric of `kubeferry drift`. Of the cluster against one thing it was held against: `git` or `snapshot`. */
export const DRIFT_METRICS = {
  gitops_drift_objects: {
    type: "gauge",
    labels: ["against", "kind"],
    help: "Objects that differ: missing in the cluster, changed, or unmanaged because they are in the cluster alone.",
  },
  gitops_drift_unread_types: {
    type: "gauge",
    labels: ["against"],
    help: "Types that could not be compared: none of their objects is counted.",
  },
  gitops_drift_last_check_timestamp_seconds: {
    type: "gauge",
    labels: [],
    help: "When the cluster was last compared.",
  },
  gitops_application_sync_status: {
    type: "gauge",
    labels: ["application", "status"],
    help: "1 for what Argo CD says of an Application's sync: Synced, OutOfSync or Unknown.",
  },
  gitops_application_health_status: {
    type: "gauge",
    labels: ["application", "status"],
    help: "1 for what Argo CD says of an Application's health: Healthy, Progressing, Degraded, Suspended, Missing or Unknown.",
  },
} as const satisfies Readonly<Record<string, MetricEntry>>;

/** Every metric of stage 1. Dashboards and alerts name them: they are added to, and not renamed. */
export const BACKUP_METRICS = {
  cluster_backup_duration_seconds: {
    type: "histogram",
    labels: [],
    help: "Time from the start of a run to its commit, or to its failure.",
  },
  cluster_backup_errors_total: {
    type: "counter",
    labels: [],
    help: "Runs that ended without a snapshot.",
  },
  cluster_backup_object_errors_total: {
    type: "counter",
    labels: [],
    help: "Objects, types and API groups that committed runs could not take, or not take whole.",
  },
  cluster_backup_resources_total: {
    type: "counter",
    labels: [],
    help: "Objects in all committed snapshots together.",
  },
  cluster_backup_last_success_timestamp_seconds: {
    type: "gauge",
    labels: [],
    help: "When the last complete backup finished; a partial one counts only with metrics.partialIsSuccess.",
  },
  cluster_backup_last_partial_timestamp_seconds: {
    type: "gauge",
    labels: [],
    help: "When the last partial backup finished.",
  },
  cluster_backup_last_failure_timestamp_seconds: {
    type: "gauge",
    labels: [],
    help: "When the last run that brought no snapshot ended. The newest run failed where this is newer than the last success.",
  },
  cluster_backup_namespaces: {
    type: "gauge",
    labels: [],
    help: "Namespaces of which the last run read at least one object.",
  },
  cluster_backup_unread_types: {
    type: "gauge",
    labels: [],
    help: "Types that the newest snapshot carries on from an earlier one, because they could not be read.",
  },
  cluster_backup_store_bytes: {
    type: "gauge",
    labels: [],
    help: "Size of the stored files that the newest snapshot names.",
  },
  cluster_backup_store_objects: {
    type: "gauge",
    labels: [],
    help: "Number of stored files that the newest snapshot names.",
  },
  cluster_backup_requests_in_flight: {
    type: "gauge",
    labels: ["target"],
    help: "Requests to the store, and lists of the API server, that are under way.",
  },
  cluster_backup_request_retries: {
    type: "gauge",
    labels: ["target"],
    help: "Requests of this run that had to be sent again.",
  },
} as const satisfies Readonly<Record<string, MetricEntry>>;

/** Every metric of a drill, pushed when it ends. */
export const DRILL_METRICS = {
  cluster_restore_drill_age_seconds: {
    type: "gauge",
    labels: [],
    help: "Age of the snapshot when the last drill began: what would be lost (RPO).",
  },
  cluster_restore_drill_duration_seconds: {
    type: "gauge",
    labels: [],
    help: "Time from the start of the last drill until everything was there, or had failed (RTO).",
  },
  cluster_restore_drill_differences: {
    type: "gauge",
    labels: [],
    help: "Objects that the last drill did not bring back, or not as they were.",
  },
  cluster_restore_drill_last_success_timestamp_seconds: {
    type: "gauge",
    labels: [],
    help: "When the last drill ended in which all came back as it was.",
  },
} as const satisfies Readonly<Record<string, MetricEntry>>;
