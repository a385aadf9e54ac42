import type { Dashboard } from "./panel.ts";

const OF = 'cluster=~"$cluster",series=~"$series"';
const by = (expression: string): string => `max by (cluster, series) (${expression})`;
const LEGEND = "{{cluster}} {{series}}";

/** All clusters beside each other, both stages, and what the processes use. */
export const FLEET_DASHBOARD: Dashboard = {
  uid: "kubeferry-fleet",
  title: "kubeferry: fleet",
  description: "Every cluster in one table, compared with each other, and what the processes need.",
  variables: ["cluster", "series"],
  range: "7d",
  rows: [
    {
      title: "Clusters",
      panels: [
        {
          title: "Every cluster",
          description: "One row a cluster and series. An empty cell was never heard of.",
          kind: "table",
          unit: "short",
          width: 24,
          queries: [
            { expr: `slo:snapshot_age:seconds{${OF}}`, legend: "age of last complete backup", unit: "s" },
            {
              expr: `slo:snapshot_age:seconds{${OF}} / on (cluster, series) kubeferry:objective_backup_age:seconds`,
              legend: "of objective",
              unit: "percentunit",
            },
            { expr: `slo:backup_success:ratio28d{${OF}}`, legend: "success rate, 28 days", unit: "percentunit" },
            { expr: by(`cluster_backup_unread_types{${OF}}`), legend: "unread types" },
            { expr: by(`cluster_backup_store_bytes{${OF}}`), legend: "size", unit: "bytes" },
            { expr: by(`cluster_backup_namespaces{${OF}}`), legend: "namespaces" },
            {
              expr: `sum by (cluster, series) (max by (cluster, series, kind) (gitops_drift_objects{against="git",${OF}}))`,
              legend: "differ from Git",
            },
            { expr: by(`cluster_restore_drill_differences{${OF}}`), legend: "lost in last drill" },
          ],
        },
        {
          title: "Clusters that are too old",
          description: "How many of those known have no complete backup within the objective.",
          kind: "stat",
          unit: "short",
          width: 8,
          limit: { value: 1, bad: "above" },
          queries: [
            {
              expr: `count(slo:snapshot_age_met:bool{${OF}}) - sum(slo:snapshot_age_met:bool{${OF}})`,
              legend: "too old",
            },
          ],
        },
        {
          title: "Clusters known",
          description: "Of which any run was heard of.",
          kind: "stat",
          unit: "short",
          width: 8,
          queries: [
            { expr: `count(group by (cluster) (cluster_backup_duration_seconds_count{${OF}}))`, legend: "clusters" },
          ],
        },
        {
          title: "Behind in Git",
          description: "Clusters with a newer snapshot than the one Git was made from.",
          kind: "stat",
          unit: "short",
          width: 8,
          queries: [
            {
              expr: `sum(max by (cluster) (gitops_snapshot_timestamp_seconds{cluster=~"$cluster"}) < bool on (cluster) max by (cluster) (kubeferry:backup_last_snapshot:timestamp_seconds{${OF}}))`,
              legend: "behind",
            },
          ],
        },
      ],
    },
    {
      title: "Compared",
      panels: [
        {
          title: "Age of the last complete backup",
          description: "The clusters whose saw is the highest run the rarest, or fail.",
          kind: "timeseries",
          unit: "s",
          queries: [{ expr: `slo:snapshot_age:seconds{${OF}}`, legend: LEGEND }],
        },
        {
          title: "Average duration of a run",
          description: "Over a day.",
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
          title: "Runs that failed, in the time shown",
          description: "Of each cluster.",
          kind: "timeseries",
          unit: "short",
          queries: [{ expr: `round(${by(`increase(cluster_backup_errors_total{${OF}}[$__range])`)})`, legend: LEGEND }],
        },
        {
          title: "Size of the newest snapshot",
          description: "Of each cluster.",
          kind: "timeseries",
          unit: "bytes",
          queries: [{ expr: by(`cluster_backup_store_bytes{${OF}}`), legend: LEGEND }],
        },
      ],
    },
    {
      title: "Processes",
      panels: [
        {
          title: "Memory",
          description: "Resident set of each process that is scraped.",
          kind: "timeseries",
          unit: "bytes",
          width: 8,
          queries: [
            {
              expr: "process_resident_memory_bytes and on (job, instance) kubeferry_build_info",
              legend: "{{job}} {{instance}}",
            },
          ],
        },
        {
          title: "Processor",
          description: "Cores in use.",
          kind: "timeseries",
          unit: "short",
          width: 8,
          queries: [
            {
              expr: "rate(process_cpu_seconds_total[5m]) and on (job, instance) kubeferry_build_info",
              legend: "{{job}} {{instance}}",
            },
          ],
        },
        {
          title: "Event loop lag, 99th percentile",
          description: "How late the process gets to its work. Above a second it hardly answers.",
          kind: "timeseries",
          unit: "s",
          width: 8,
          limit: { value: 1, bad: "above" },
          queries: [
            {
              expr: "nodejs_eventloop_lag_p99_seconds and on (job, instance) kubeferry_build_info",
              legend: "{{job}} {{instance}}",
            },
          ],
        },
        {
          title: "Versions at work",
          description: "How many processes of each version.",
          kind: "stat",
          unit: "short",
          width: 24,
          queries: [{ expr: "count by (version) (kubeferry_build_info)", legend: "{{version}}" }],
        },
      ],
    },
  ],
};
