import type { Dashboard } from "./panel.ts";

const OF = 'cluster=~"$cluster",series=~"$series"';
const by = (expression: string): string => `max by (cluster, series) (${expression})`;
const LEGEND = "{{cluster}} {{series}}";

/** Stage 1: whether backups succeed, how old they are, what they hold and cost. */
export const BACKUP_DASHBOARD: Dashboard = {
  uid: "kubeferry-backup",
  title: "kubeferry: backup",
  description: "Runs of stage 1, rehearsed restores, and what is promised of them.",
  variables: ["cluster", "series"],
  range: "28d",
  rows: [
    {
      title: "Now",
      panels: [
        {
          title: "Age of the last complete backup",
          description: "What would be lost in a restore. Partial runs do not make it smaller.",
          kind: "stat",
          unit: "s",
          width: 6,
          queries: [{ expr: `slo:snapshot_age:seconds{${OF}}`, legend: LEGEND }],
        },
        {
          title: "Age, as a share of the objective",
          description: "Above 100 % the last complete backup is too old: KubeferryBackupTooOld.",
          kind: "stat",
          unit: "percentunit",
          width: 6,
          limit: { value: 1, bad: "above" },
          queries: [
            {
              expr: `slo:snapshot_age:seconds{${OF}} / on (cluster, series) kubeferry:objective_backup_age:seconds`,
              legend: LEGEND,
            },
          ],
        },
        {
          title: "Newest run failed",
          description: "Yes, when no snapshot followed the last failure: KubeferryBackupFailed.",
          kind: "stat",
          unit: "bool_yes_no",
          width: 6,
          limit: { value: 1, bad: "above" },
          queries: [
            {
              expr: `${by(`cluster_backup_last_failure_timestamp_seconds{${OF}}`)} > bool on (cluster, series) kubeferry:backup_last_snapshot:timestamp_seconds`,
              legend: LEGEND,
            },
          ],
        },
        {
          title: "Types that were not read",
          description: "Carried on from an earlier snapshot in the newest one, accepted gaps included.",
          kind: "stat",
          unit: "short",
          width: 6,
          limit: { value: 1, bad: "above" },
          queries: [{ expr: by(`cluster_backup_unread_types{${OF}}`), legend: LEGEND }],
        },
      ],
    },
    {
      title: "Service levels",
      panels: [
        {
          title: "Success rate in the time shown",
          description: "Runs that brought a snapshot, of all runs. Choose a time that holds more than a few runs.",
          kind: "stat",
          unit: "percentunit",
          width: 8,
          limit: { value: 0.95, bad: "below" },
          queries: [
            {
              expr: `1 - ${by(`increase(cluster_backup_errors_total{${OF}}[$__range])`)} / (${by(`increase(cluster_backup_duration_seconds_count{${OF}}[$__range])`)} > 0)`,
              legend: LEGEND,
            },
          ],
        },
        {
          title: "Error budget left, 28 days",
          description: "1 when no run failed, 0 when as many failed as may, less when more did.",
          kind: "stat",
          unit: "percentunit",
          width: 8,
          limit: { value: 0, bad: "below" },
          queries: [{ expr: `slo:backup_budget_left:ratio28d{${OF}}`, legend: LEGEND }],
        },
        {
          title: "Time within the snapshot age, 28 days",
          description: "Share of the time in which the last complete backup was young enough.",
          kind: "stat",
          unit: "percentunit",
          width: 8,
          limit: { value: 0.99, bad: "below" },
          queries: [{ expr: `slo:snapshot_age_met:ratio28d{${OF}}`, legend: LEGEND }],
        },
        {
          title: "Snapshot age against its objective",
          description: "A saw: it grows until a run is complete. Above the line it is too old.",
          kind: "timeseries",
          unit: "s",
          queries: [
            { expr: `slo:snapshot_age:seconds{${OF}}`, legend: LEGEND },
            { expr: `min(kubeferry:objective_backup_age:seconds{${OF}})`, legend: "objective" },
          ],
        },
        {
          title: "Time since the last complete, partial and failed run",
          description: "All is well while the complete one is the youngest.",
          kind: "stat",
          unit: "s",
          queries: [
            {
              expr: `time() - ${by(`cluster_backup_last_success_timestamp_seconds{${OF}}`)}`,
              legend: `complete ${LEGEND}`,
            },
            {
              expr: `time() - ${by(`cluster_backup_last_partial_timestamp_seconds{${OF}}`)}`,
              legend: `partial ${LEGEND}`,
            },
            {
              expr: `time() - ${by(`cluster_backup_last_failure_timestamp_seconds{${OF}}`)}`,
              legend: `failed ${LEGEND}`,
            },
          ],
        },
      ],
    },
    {
      title: "Runs",
      panels: [
        {
          title: "Average duration of a run",
          description: "Over a day. From its start to its commit, or to its failure.",
          kind: "timeseries",
          unit: "s",
          queries: [
            {
              expr: `${by(`increase(cluster_backup_duration_seconds_sum{${OF}}[1d])`)} / (${by(`increase(cluster_backup_duration_seconds_count{${OF}}[1d])`)} > 0)`,
              legend: LEGEND,
            },
          ],
        },
        {
          title: "Runs and failures a day",
          description: "Counted over 24 hours, whole runs.",
          kind: "timeseries",
          unit: "short",
          queries: [
            {
              expr: `round(${by(`increase(cluster_backup_duration_seconds_count{${OF}}[1d])`)})`,
              legend: `runs ${LEGEND}`,
            },
            { expr: `round(${by(`increase(cluster_backup_errors_total{${OF}}[1d])`)})`, legend: `failed ${LEGEND}` },
          ],
        },
        {
          title: "Objects that could not be taken, a day",
          description: "Objects, types and API groups in runs that did bring a snapshot: KubeferryObjectErrorsRising.",
          kind: "timeseries",
          unit: "short",
          queries: [
            { expr: `round(${by(`increase(cluster_backup_object_errors_total{${OF}}[1d])`)})`, legend: LEGEND },
          ],
        },
        {
          title: "Requests sent again by the newest run",
          description: "To the API server and to the store: KubeferryRetriesHigh.",
          kind: "timeseries",
          unit: "short",
          queries: [
            {
              expr: `max by (cluster, series, target) (cluster_backup_request_retries{${OF}})`,
              legend: `{{target}} ${LEGEND}`,
            },
          ],
        },
        {
          title: "Requests under way",
          description: "Seen only where a run lasts long enough to be scraped.",
          kind: "timeseries",
          unit: "short",
          width: 24,
          queries: [
            {
              expr: `max by (cluster, series, target) (cluster_backup_requests_in_flight{${OF}})`,
              legend: `{{target}} ${LEGEND}`,
            },
          ],
        },
      ],
    },
    {
      title: "What is in them",
      panels: [
        {
          title: "Objects backed up a day",
          description: "In all snapshots of 24 hours together.",
          kind: "timeseries",
          unit: "short",
          queries: [{ expr: by(`increase(cluster_backup_resources_total{${OF}}[1d])`), legend: LEGEND }],
        },
        {
          title: "Size of the newest snapshot",
          description: "Of the stored files that it names; most of them it shares with earlier ones.",
          kind: "timeseries",
          unit: "bytes",
          queries: [{ expr: by(`cluster_backup_store_bytes{${OF}}`), legend: LEGEND }],
        },
        {
          title: "Stored files of the newest snapshot",
          description: "How many files it names.",
          kind: "timeseries",
          unit: "short",
          queries: [{ expr: by(`cluster_backup_store_objects{${OF}}`), legend: LEGEND }],
        },
        {
          title: "Namespaces",
          description:
            "Of which the newest run read at least one object. A drop is worth a look: KubeferryBackupShrunk.",
          kind: "timeseries",
          unit: "short",
          queries: [{ expr: by(`cluster_backup_namespaces{${OF}}`), legend: LEGEND }],
        },
      ],
    },
    {
      title: "Rehearsed restores",
      panels: [
        {
          title: "Last drill in which all came back",
          description: "How long ago: KubeferryDrillTooOld.",
          kind: "stat",
          unit: "s",
          width: 6,
          queries: [
            {
              expr: `time() - ${by(`cluster_restore_drill_last_success_timestamp_seconds{${OF}}`)}`,
              legend: LEGEND,
            },
          ],
        },
        {
          title: "Objects that did not come back",
          description: "Or not as they were, in the last drill: KubeferryDrillFailed.",
          kind: "stat",
          unit: "short",
          width: 6,
          limit: { value: 1, bad: "above" },
          queries: [{ expr: by(`cluster_restore_drill_differences{${OF}}`), legend: LEGEND }],
        },
        {
          title: "Restore time",
          description: "Of the last drill (RTO): KubeferryRestoreSlow.",
          kind: "stat",
          unit: "s",
          width: 6,
          queries: [{ expr: `slo:restore_time:seconds{${OF}}`, legend: LEGEND }],
        },
        {
          title: "Age of what was restored",
          description: "What the last drill would have lost (RPO).",
          kind: "stat",
          unit: "s",
          width: 6,
          queries: [{ expr: by(`cluster_restore_drill_age_seconds{${OF}}`), legend: LEGEND }],
        },
      ],
    },
  ],
};
