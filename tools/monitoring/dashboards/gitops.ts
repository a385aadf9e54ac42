import type { Dashboard } from "./panel.ts";

const OF = 'repository=~"$repository"';
const by = (expression: string): string => `max by (repository) (${expression})`;
const LEGEND = "{{repository}}";

/** Stage 2: what reaches Git, what is held back, what the clusters say of it. */
export const GITOPS_DASHBOARD: Dashboard = {
  uid: "kubeferry-gitops",
  title: "kubeferry: gitops",
  description: "Runs of stage 2, its receiver, drift, Argo CD and security events.",
  variables: ["repository", "cluster"],
  range: "7d",
  rows: [
    {
      title: "Now",
      panels: [
        {
          title: "Last complete run",
          description: "How long ago. A run that finds nothing new counts.",
          kind: "stat",
          unit: "s",
          width: 6,
          queries: [{ expr: `time() - ${by(`gitops_last_success_timestamp_seconds{${OF}}`)}`, legend: LEGEND }],
        },
        {
          title: "Open requests",
          description: "When the last run ended. They wait for people.",
          kind: "stat",
          unit: "short",
          width: 6,
          queries: [{ expr: by(`gitops_open_requests{${OF}}`), legend: LEGEND }],
        },
        {
          title: "Removals held back",
          description: "More than gitops.maxRemovals: KubeferryRemovalsHeld.",
          kind: "stat",
          unit: "short",
          width: 6,
          limit: { value: 1, bad: "above" },
          queries: [{ expr: by(`gitops_held_back_removals{${OF}}`), legend: LEGEND }],
        },
        {
          title: "Frozen folders",
          description: "Left alone because people edited them: KubeferryFoldersFrozen.",
          kind: "stat",
          unit: "short",
          width: 6,
          limit: { value: 1, bad: "above" },
          queries: [{ expr: by(`gitops_frozen_folders{${OF}}`), legend: LEGEND }],
        },
        {
          title: "Age of the snapshot that Git was made from",
          description: "Of each cluster, against its objective where a newer one is there: KubeferryGitopsBehind.",
          kind: "timeseries",
          unit: "s",
          queries: [
            {
              expr: `time() - max by (repository, cluster) (gitops_snapshot_timestamp_seconds{${OF},cluster=~"$cluster"})`,
              legend: "{{cluster}}",
            },
            { expr: `min(kubeferry:objective_gitops_lag:seconds{${OF}})`, legend: "objective" },
          ],
        },
        {
          title: "Objects in Git, and kept out",
          description:
            "Kept out are those that hold a credential, fail a check, or have a form that cannot be carried.",
          kind: "timeseries",
          unit: "short",
          queries: [
            { expr: by(`gitops_objects{${OF}}`), legend: `generated ${LEGEND}` },
            { expr: by(`gitops_blocked_objects{${OF}}`), legend: `blocked ${LEGEND}` },
            { expr: by(`gitops_blocked_secrets{${OF}}`), legend: `blocked, with a credential ${LEGEND}` },
          ],
        },
      ],
    },
    {
      title: "Runs",
      panels: [
        {
          title: "Runs a day, by how they ended",
          description: "Counted over 24 hours: KubeferryGitopsFailing when only failed ones are left.",
          kind: "timeseries",
          unit: "short",
          queries: [{ expr: `round(kubeferry:gitops_runs:increase1d{${OF}})`, legend: `{{status}} ${LEGEND}` }],
        },
        {
          title: "Average duration of a run",
          description: "Over a day, however they ended.",
          kind: "timeseries",
          unit: "s",
          queries: [
            {
              expr: `sum by (repository) (increase(gitops_run_duration_seconds_sum{${OF}}[1d])) / (sum by (repository) (increase(gitops_run_duration_seconds_count{${OF}}[1d])) > 0)`,
              legend: LEGEND,
            },
          ],
        },
      ],
    },
    {
      title: "Receiver",
      panels: [
        {
          title: "Calls an hour, by what became of them",
          description: "Refused ones did nothing; many of them are KubeferryCallsRefused.",
          kind: "timeseries",
          unit: "short",
          queries: [{ expr: "sum by (outcome) (increase(gitops_calls_total[1h]))", legend: "{{outcome}}" }],
        },
        {
          title: "Calls that wait, and a run at work",
          description: "Calls are taken up by the next run, all at once: KubeferryReceiverStuck when none begins.",
          kind: "timeseries",
          unit: "short",
          queries: [
            { expr: "max by (job) (gitops_waiting_calls)", legend: "waiting {{job}}" },
            { expr: "max by (job) (gitops_run_in_progress)", legend: "at work {{job}}" },
          ],
        },
      ],
    },
    {
      title: "Clusters",
      panels: [
        {
          title: "Objects that differ from Git",
          description: "Missing in the cluster, changed, or in the cluster alone: KubeferryDrift after a day.",
          kind: "timeseries",
          unit: "short",
          queries: [
            {
              expr: 'max by (cluster, kind) (gitops_drift_objects{against="git",cluster=~"$cluster"})',
              legend: "{{kind}} {{cluster}}",
            },
          ],
        },
        {
          title: "Types that could not be compared",
          description: "None of their objects is counted beside it.",
          kind: "timeseries",
          unit: "short",
          queries: [
            {
              expr: 'max by (cluster, against) (gitops_drift_unread_types{cluster=~"$cluster"})',
              legend: "{{against}} {{cluster}}",
            },
          ],
        },
        {
          title: "Last look at the cluster",
          description: "How long ago: KubeferryDriftCheckTooOld.",
          kind: "stat",
          unit: "s",
          width: 8,
          queries: [
            {
              expr: 'time() - max by (cluster) (gitops_drift_last_check_timestamp_seconds{cluster=~"$cluster"})',
              legend: "{{cluster}}",
            },
          ],
        },
        {
          title: "Applications by sync",
          description: "As Argo CD said at the last look.",
          kind: "stat",
          unit: "short",
          width: 8,
          queries: [
            {
              expr: 'sum by (status) (max by (cluster, application, status) (gitops_application_sync_status{cluster=~"$cluster"}))',
              legend: "{{status}}",
            },
          ],
        },
        {
          title: "Applications by health",
          description: "As Argo CD said at the last look.",
          kind: "stat",
          unit: "short",
          width: 8,
          queries: [
            {
              expr: 'sum by (status) (max by (cluster, application, status) (gitops_application_health_status{cluster=~"$cluster"}))',
              legend: "{{status}}",
            },
          ],
        },
      ],
    },
    {
      title: "Security and messages",
      panels: [
        {
          title: "Security events a day",
          description: "By kind, of all processes. Any of tampering is critical: KubeferryTampering.",
          kind: "timeseries",
          unit: "short",
          queries: [{ expr: "sum by (kind) (kubeferry:security_events:increase1d)", legend: "{{kind}}" }],
        },
        {
          title: "Messages to people a day",
          description:
            "By channel. Held back is what was told there not long ago. Failing ones: KubeferryNotificationsFailing.",
          kind: "timeseries",
          unit: "short",
          queries: [
            {
              expr: "sum by (channel, outcome) (increase(kubeferry_notifications_total[1d]))",
              legend: "{{channel}} {{outcome}}",
            },
          ],
        },
      ],
    },
  ],
};
