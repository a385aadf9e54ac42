import type { Call, DurationCounts, SecurityEvent } from "@kubeferry/model";
import { z } from "zod";
import { NOTIFICATION_OUTCOMES, type NotificationCounts } from "../notification-counts.ts";
import type { SecurityEventCounts } from "../security-events.ts";
import type { PushedCounters } from "./count-run.ts";
import { type Gateway, type GroupLabels, readGateway } from "./gateway.ts";
import type { GitOpsCounters } from "./gitops-samples.ts";
import type { SeriesLabels } from "./render-metrics.ts";

/** What earlier processes pushed for one group. */
export interface Pushed {
  readonly backup: PushedCounters;
  readonly gitops: GitOpsCounters;
  readonly securityEvents: SecurityEventCounts;
  readonly notifications: NotificationCounts;
}

/**
 * What was last pushed for this job and group.
 * @returns undefined when nothing was, or when what answers cannot say so
 * @throws MetricsError "unavailable"; "refused" by what takes pushes and is no Pushgateway
 */
export async function readPushedGroup(gateway: Gateway, labels: GroupLabels, call: Call): Promise<Pushed | undefined> {
  const parsed = Answer.safeParse(jsonOf(await readGateway(gateway, call)));
  const wanted = { job: gateway.job, ...labels };
  const group = parsed.data?.data.find((each) => isOf(each.labels, wanted));
  if (group === undefined) return undefined;
  return {
    backup: {
      failedRuns: only(group.cluster_backup_errors_total),
      objects: only(group.cluster_backup_resources_total),
      objectErrors: only(group.cluster_backup_object_errors_total),
      durations: durationsOf(group.cluster_backup_duration_seconds),
    },
    gitops: { runs: by("status", group.gitops_runs_total), durations: durationsOf(group.gitops_run_duration_seconds) },
    securityEvents: by<SecurityEvent>("kind", group.kubeferry_security_events_total),
    notifications: notificationsOf(group.kubeferry_notifications_total),
  };
}

/** What was last pushed of the backups of this cluster and series; as `readPushedGroup`. */
export async function readPushed(
  gateway: Gateway,
  labels: SeriesLabels,
  call: Call,
): Promise<PushedCounters | undefined> {
  return (await readPushedGroup(gateway, { ...labels }, call))?.backup;
}

// Numbers travel as texts there.
const Counted = z.object({
  metrics: z.array(z.object({ value: z.string(), labels: z.record(z.string(), z.string()).prefault({}) })),
});
const Durations = z.object({
  metrics: z.array(z.object({ count: z.string(), sum: z.string(), buckets: z.record(z.string(), z.string()) })),
});
const Answer = z.object({
  data: z.array(
    z.object({
      labels: z.record(z.string(), z.string()),
      cluster_backup_errors_total: Counted.optional(),
      cluster_backup_resources_total: Counted.optional(),
      cluster_backup_object_errors_total: Counted.optional(),
      cluster_backup_duration_seconds: Durations.optional(),
      gitops_runs_total: Counted.optional(),
      gitops_run_duration_seconds: Durations.optional(),
      kubeferry_security_events_total: Counted.optional(),
      kubeferry_notifications_total: Counted.optional(),
    }),
  ),
});

function isOf(labels: GroupLabels, wanted: GroupLabels): boolean {
  const names = Object.keys(wanted);
  return Object.keys(labels).length === names.length && names.every((name) => labels[name] === wanted[name]);
}

function only(counted: z.output<typeof Counted> | undefined): number {
  return whole(counted?.metrics[0]?.value);
}

/** One number for each value of a label. */
function by<Value extends string>(label: string, counted: z.output<typeof Counted> | undefined) {
  const pairs = (counted?.metrics ?? []).map(({ labels, value }) => [labels[label] ?? "", whole(value)] as const);
  return Object.fromEntries(pairs) as Partial<Record<Value, number>>;
}

function notificationsOf(counted: z.output<typeof Counted> | undefined): NotificationCounts {
  const channels = new Map<string, Record<string, number>>();
  for (const { labels, value } of counted?.metrics ?? []) {
    const { channel = "", outcome } = labels;
    const known = NOTIFICATION_OUTCOMES.find((each) => each === outcome);
    if (known !== undefined) channels.set(channel, { ...channels.get(channel), [known]: whole(value) });
  }
  return Object.fromEntries(channels);
}

function durationsOf(durations: z.output<typeof Durations> | undefined): DurationCounts {
  const duration = durations?.metrics[0];
  const buckets = Object.entries(duration?.buckets ?? {}).filter(([bound]) => Number.isFinite(Number(bound)));
  return {
    count: whole(duration?.count),
    sumMs: whole(duration?.sum, 1000),
    buckets: Object.fromEntries(buckets.map(([bound, runs]) => [String(Number(bound)), whole(runs)])),
  };
}

function whole(text: string | undefined, factor = 1): number {
  const number = Math.round(Number(text ?? "0") * factor);
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Something else than a Pushgateway takes pushes too; what it has cannot be read this way.
    return undefined;
  }
}
